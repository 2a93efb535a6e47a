/// The page's style: light and dark as the reader's system has it, wide and narrow.
enum PageStyle {
    static let css = """
        :root {
          color-scheme: light dark;
          --page: #fbfaf8; --card: #ffffff; --ink: #1d1f24; --soft: #5d636e; --line: #e3e1dc; --track: #f0eeea;
          --cpu: #33658a; --gpu: #d1752a; --limit: #9aa0aa; --good: #2e7d4f; --bad: #b3392f;
          --decode: #7b5ea7; --prepare: #4f8f8b; --resample: #33658a; --encode: #d9a441; --join: #a65a6a; --rest: #d9d6cf;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #14161a; --card: #1b1e24; --ink: #e9e7e2; --soft: #9ca3af; --line: #2c3038; --track: #23272f;
            --cpu: #6fa8d6; --gpu: #f0994f; --limit: #737b88; --good: #6cc08b; --bad: #ee7d72;
            --decode: #a58bd3; --prepare: #6fb5b0; --resample: #6fa8d6; --encode: #e3b65c; --join: #d18898; --rest: #3a3f49;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "Noto Sans", sans-serif;
          font-variant-numeric: tabular-nums; font-feature-settings: "tnum";
        }
        main { max-width: 62rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
        .eyebrow { color: var(--soft); font-size: .875rem; margin: 0; letter-spacing: .01em; }
        h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -.02em; margin: .3rem 0 .4rem; text-wrap: balance; }
        h2 {
          font-size: 1.45rem; letter-spacing: -.01em; margin: 3.5rem 0 .2rem; padding-top: 1.5rem;
          border-top: 1px solid var(--line);
        }
        h3 { font-size: 1rem; margin: 2rem 0 .5rem; }
        p { margin: .4rem 0; max-width: 46rem; }
        p.lead { color: var(--soft); font-size: 1.05rem; }
        small { font-size: .8125rem; color: var(--soft); font-weight: 400; }
        .facts {
          display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .9rem 2rem; margin: 1.6rem 0 0;
        }
        .facts dt { color: var(--soft); font-size: .8125rem; }
        .facts dd { margin: 0; overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem; margin: 2rem 0 0; }
        .tile {
          background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.15rem 1.05rem;
          display: flex; flex-direction: column;
        }
        .tile .what { color: var(--soft); font-size: .8125rem; line-height: 1.35; flex: 1; }
        .tile .figure { font-size: 1.9rem; font-weight: 650; letter-spacing: -.02em; line-height: 1.3; }
        .tile .figure span { font-size: 1rem; font-weight: 500; letter-spacing: 0; }
        .tile .more { font-size: .8125rem; color: var(--soft); }
        .met { color: var(--good); font-weight: 600; } .missed { color: var(--bad); font-weight: 600; }
        figure {
          margin: 1.4rem 0 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px;
          padding: 1.1rem 1.25rem 1.2rem;
        }
        figcaption { font-weight: 600; margin-bottom: .8rem; }
        .bar { display: grid; grid-template-columns: 16rem 1fr 13.5rem; gap: .9rem; align-items: center; padding: .19rem 0; }
        .bar .label { line-height: 1.25; font-size: .9375rem; }
        .bar .label small { margin-left: .2em; }
        .bar .value { font-size: .9375rem; white-space: nowrap; }
        .bar .value b, .key b { font-weight: 600; }
        .bar .value b { display: inline-block; min-width: 3.4rem; text-align: right; margin-right: .35rem; }
        .bar .value b:only-child { min-width: 5.6rem; }
        .bar svg, .stack svg { display: block; }
        .track { fill: var(--track); }
        .cpu .fill { fill: var(--cpu); } .gpu .fill { fill: var(--gpu); } .limit .fill { fill: var(--limit); }
        .foot { font-size: .8125rem; color: var(--soft); margin: .7rem 0 0; }
        .stack { padding: .45rem 0 .3rem; }
        .stack + .stack { border-top: 1px solid var(--line); margin-top: .7rem; padding-top: .9rem; }
        .stack .label { margin-bottom: .35rem; font-size: .9375rem; }
        .stack svg { border-radius: 3px; overflow: hidden; }
        .decode { fill: var(--decode); --swatch: var(--decode); } .prepare { fill: var(--prepare); --swatch: var(--prepare); }
        .resample { fill: var(--resample); --swatch: var(--resample); } .encode { fill: var(--encode); --swatch: var(--encode); }
        .join { fill: var(--join); --swatch: var(--join); } .rest { fill: var(--rest); --swatch: var(--rest); }
        .key {
          list-style: none; display: flex; flex-wrap: wrap; gap: .15rem 1.3rem; margin: .5rem 0 0; padding: 0;
          font-size: .8125rem;
        }
        .key li::before {
          content: ""; display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin-right: .45em;
          background: var(--swatch);
        }
        .key span { color: var(--soft); }
        .scroll { overflow-x: auto; margin-top: 1.2rem; }
        table { border-collapse: collapse; width: 100%; font-size: .84375rem; }
        th, td { text-align: right; padding: .34rem .5rem; white-space: nowrap; border-bottom: 1px solid var(--line); }
        th { color: var(--soft); font-weight: 500; vertical-align: bottom; line-height: 1.25; }
        th.text, td.text { text-align: left; padding-left: 0; }
        td.wrap { white-space: normal; min-width: 14rem; }
        td.stage { font-weight: 600; }
        th.bound, td.bound { padding-left: .6rem; padding-right: 0; }
        td.bound { color: var(--soft); }
        .tag {
          display: inline-block; font-size: .6875rem; line-height: 1.5; padding: 0 .45em; border: 1px solid var(--line);
          border-radius: 4px; color: var(--soft); vertical-align: 1px;
        }
        dl.meanings {
          margin: .6rem 0 0; display: grid; grid-template-columns: 11rem 1fr; gap: .5rem 1.2rem; font-size: .9375rem;
        }
        dl.meanings dt { font-weight: 600; } dl.meanings dd { margin: 0; max-width: 42rem; }
        .note { border-left: 3px solid var(--gpu); padding-left: .8rem; color: var(--soft); margin: 1rem 0 0; }
        footer {
          color: var(--soft); font-size: .875rem; margin-top: 3.5rem; border-top: 1px solid var(--line); padding-top: 1rem;
        }
        @media (max-width: 46rem) {
          main { padding: 1.8rem 1rem 3rem; }
          h1 { font-size: 1.6rem; }
          .bar { grid-template-columns: 1fr auto; gap: .1rem .6rem; padding: .4rem 0; }
          .bar .value b, .bar .value b:only-child { min-width: 0; }
          .bar svg { grid-row: 2; grid-column: 1 / -1; height: 12px; }
          dl.meanings { grid-template-columns: 1fr; gap: .1rem; } dl.meanings dd { margin-bottom: .7rem; }
          .tiles { grid-template-columns: 1fr 1fr; gap: .7rem; }
          .tile { padding: .8rem .9rem; } .tile .figure { font-size: 1.5rem; }
          figure { padding: .9rem .9rem 1rem; }
        }
        @media print { body { background: none; } figure, .tile { break-inside: avoid; } }
        """
}
