# make demo    install what is missing, build, and render the built-in example to earthrise.mp4
# make test    install what is missing and run every test
# make build   the release build alone: .build/release/burns
# make man     the manual pages, into .build/plugins/GenerateManual/outputs/burns
# make smoothness, make peers, make kernels, make encoder-sweep    the benchmarks of Benchmarks/README.md

.PHONY: demo test build man smoothness peers kernels encoder-sweep clean
SWIFT_BUILD = swift build -c release

demo: build
	.build/release/burns render Examples/store/projects/earthrise -o earthrise.mp4

build:
	.ci/install build
	$(SWIFT_BUILD) --product burns

test:
	.ci/install test
	$(SWIFT_BUILD) --build-tests
	swift test -c release --skip-build --disable-xctest

man:
	.ci/install build
	swift package generate-manual --multi-page

smoothness: build
	.ci/install test
	$(SWIFT_BUILD) --product burns-smoothness
	.build/release/burns-smoothness --json smoothness.json

# Debian's own Python, for which the packages are installed.
peers: build
	.ci/install bench
	$(SWIFT_BUILD) --product burns-smoothness
	/usr/bin/python3 -B Benchmarks/Peers/peers.py --json peers.json

kernels:
	.ci/install test
	$(SWIFT_BUILD) --product burns-measure
	.build/release/burns-measure kernels --json kernels.json

encoder-sweep: build
	.ci/install bench
	/usr/bin/python3 -B Benchmarks/Encoding/sweep.py --json encoder-sweep.json --markdown encoder-sweep.md $(SWEEP)

clean:
	swift package clean
