# make demo    install what is missing, build, and render the built-in example to earthrise.mp4
# make test    install what is missing and run every test
# make build   the release build alone: .build/release/burns
# make smoothness, make against-zoompan    the benchmarks of README.md

.PHONY: demo test build clean
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

clean:
	swift package clean
