/// Bars with their labels beside them. Widths are shares, so that a chart fits any page; text keeps its size.
enum PageChart {
    /// One bar of a chart.
    struct Bar {
        var label: String
        /// Small, behind the label.
        var detail = ""
        var value: Double
        /// What stands beside the bar.
        var text: String
        /// Small, behind the text.
        var note = ""
        /// Of the style: "cpu", "gpu", "limit".
        var kind: String
    }

    /// - Parameter foot: sentences below the bars.
    static func bars(_ bars: [Bar], caption: String, foot: [String] = []) -> String {
        let most = bars.map(\.value).max() ?? 1
        let rows = bars.map { bar in
            let width = NumberText.fixed(100 * bar.value / most, 2)
            let detail = bar.detail.isEmpty ? "" : " <small>\(PageText.escape(bar.detail))</small>"
            let note = bar.note.isEmpty ? "" : " <small>\(PageText.escape(bar.note))</small>"
            return """
                <div class="bar"><div class="label">\(PageText.escape(bar.label))\(detail)</div>
                <svg class="\(bar.kind)" width="100%" height="18" aria-hidden="true">\
                <rect class="track" width="100%" height="18" rx="2"/>\
                <rect class="fill" width="\(width)%" height="18" rx="2"/></svg>
                <div class="value"><b>\(PageText.escape(bar.text))</b>\(note)</div></div>
                """
        }
        let notes = foot.map { "<p class=\"foot\">\(PageText.escape($0)).</p>" }
        return figure(caption, (rows + notes).joined(separator: "\n"))
    }

    /// A part of a stacked bar.
    struct Part {
        var label: String
        var value: Double
        var text: String
        /// Of the style.
        var kind: String
    }

    /// One bar to each label, all of one scale, each part's size written below it.
    static func stacks(_ stacks: [(label: String, detail: String, parts: [Part])], caption: String) -> String {
        let most = stacks.map { $0.parts.reduce(0) { $0 + $1.value } }.max() ?? 1
        let rows = stacks.map { stack in
            var left = 0.0
            var rects = ""
            for part in stack.parts where part.value > 0 {
                let width = 100 * part.value / most
                rects += "<rect class=\"\(part.kind)\" x=\"\(NumberText.fixed(left, 3))%\" "
                    + "width=\"\(NumberText.fixed(width, 3))%\" height=\"26\"/>"
                left += width
            }
            let key = stack.parts.map {
                "<li class=\"\($0.kind)\"><span>\(PageText.escape($0.label))</span> <b>\(PageText.escape($0.text))</b></li>"
            }
            let label = "\(PageText.escape(stack.label)) <small>\(PageText.escape(stack.detail))</small>"
            return """
                <div class="stack"><div class="label">\(label)</div>
                <svg width="100%" height="26" aria-hidden="true">\(rects)</svg>
                <ul class="key">\(key.joined())</ul></div>
                """
        }
        return figure(caption, rows.joined(separator: "\n"))
    }

    private static func figure(_ caption: String, _ content: String) -> String {
        "<figure><figcaption>\(PageText.escape(caption))</figcaption>\n\(content)\n</figure>"
    }
}
