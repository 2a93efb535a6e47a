# make demo    install what is missing, build, and render the built-in example to earthrise.mp4
# make test    install what is missing and run every test
# make cpu-only  builds burns without Vulkan, in a folder of its own, and tries it
# make build   the release build alone: .build/release/burns
# make man     the manual pages, into .build/plugins/GenerateManual/outputs/burns
# make dist    burns with all that it needs, as an archive to be copied to other machines: .build/dist/burns-*.tar.xz
# make dist-check  runs that where there is nothing else; make dist-test  runs the tests with its libraries
# make bench   every benchmark, an hour; writes Benchmarks/RESULTS.md. Some: make bench PARTS="kernels peers"; to try: BENCH=--quick
# make smoothness, make peers, make kernels, make encoder-sweep, make banding    one of them; see Benchmarks/README.md

.PHONY: demo test cpu-only build man dist dist-check dist-test bench smoothness peers kernels encoder-sweep banding clean
# What is built to be used needs no Swift where it runs. Tests do, and so have a folder of their own.
SWIFT_BUILD = swift build -c release --static-swift-stdlib
TEST_FOLDER = .build/tests
SWIFT_BUILD_TESTS = swift build -c release --build-tests --scratch-path $(TEST_FOLDER)
SWIFT_TEST = swift test -c release --scratch-path $(TEST_FOLDER) --skip-build --disable-xctest
# Apart from those that keep every core busy: some measure time-outs, those of the HTTP client more than others, and some speed.
NETWORK_TESTS = ^(AWSTests|ObjectStoreTests|ImportTests)\.
TIMED_TESTS = ^HTTPTests\.
SPEED_TESTS = ^MachineBenchmarkTests\.

demo: build
	.build/release/burns render Examples/store/projects/earthrise -o earthrise.mp4

build:
	.ci/install build
	$(SWIFT_BUILD) --product burns

test:
	.ci/install test
	$(SWIFT_BUILD_TESTS)
	$(SWIFT_TEST) --skip '$(NETWORK_TESTS)' --skip '$(TIMED_TESTS)' --skip '$(SPEED_TESTS)'
	$(SWIFT_TEST) --filter '$(NETWORK_TESTS)'
	$(SWIFT_TEST) --filter '$(TIMED_TESTS)'
	$(SWIFT_TEST) --filter '$(SPEED_TESTS)'

# Not optimised: what matters is that it builds without Vulkan's headers, and runs.
CPU_ONLY = .build/cpu-only
cpu-only:
	.ci/install build
	swift build --product burns --disable-default-traits --scratch-path $(CPU_ONLY)
	Tests/cpu-only $(CPU_ONLY)/debug/burns $(TEST_FOLDER)/release/burns

man:
	.ci/install build
	swift package generate-manual --multi-page

dist:
	.ci/install dist
	Packaging/make-bundle

dist-check: build dist
	Packaging/check-bundle

dist-test: dist
	.ci/install test
	$(SWIFT_BUILD_TESTS)
	Packaging/test-libraries

# Objects are moved by what others get, too: the packed program, which is for this processor alone.
PACKED = $(if $(filter x86_64,$(shell uname -m)),$(if $(filter store,$(or $(PARTS),store)),dist))
# Debian's own Python, for which the packages are installed.
bench: build $(PACKED)
	.ci/install bench
	$(SWIFT_BUILD) --product burns-smoothness
	$(SWIFT_BUILD) --product burns-measure
	/usr/bin/python3 -B Benchmarks/Bench/bench.py $(if $(PARTS),--parts $(PARTS)) $(BENCH)

smoothness: build
	.ci/install test
	$(SWIFT_BUILD) --product burns-smoothness
	.build/release/burns-smoothness --json smoothness.json

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

banding: build
	.ci/install bench
	$(SWIFT_BUILD) --product burns-measure
	/usr/bin/python3 -B Benchmarks/Banding/banding.py --json banding.json --markdown banding.md $(BANDING)

clean:
	swift package clean
	rm -rf $(TEST_FOLDER) $(CPU_ONLY)
