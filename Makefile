# make demo      a photograph at 3.7 times its size, by the model that lies in the binary
# make test      all tests
# make figure    the README's picture, from the built program
# make install   the program to $(PREFIX)/bin
# make format, make lint
PREFIX ?= /usr/local
# Homebrew's headers and libraries are not on the compiler's default path everywhere.
ifeq ($(shell uname -s),Darwin)
  BREW := $(shell brew --prefix 2>/dev/null)
  export CPATH := $(BREW)/include:$(CPATH)
  export LIBRARY_PATH := $(BREW)/lib:$(LIBRARY_PATH)
endif

SWIFT_BUILD = swift build -c release
SOURCES = Package.swift Sources Tests Benchmarks Examples
LIIF = .build/release/liif

.PHONY: build demo test figure install format lint dependencies

build: dependencies
	$(SWIFT_BUILD) --product liif

demo: build
	mkdir -p out
	$(LIIF) upscale Examples/coffee.png -o out/coffee-x3.7.png --scale 3.7
	@echo "See out/coffee-x3.7.png"

# Without testable imports the tests use the modules that the program is built of; with them everything would be
# compiled a second time. FILTER=ImagingTests runs a part.
test: dependencies
	swift test -c release --disable-testable-imports --disable-xctest $(if $(FILTER),--filter '$(FILTER)')

figure: build
	Scripts/make-figure $(LIIF) Docs/Images/coffee.png

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(LIIF) "$(DESTDIR)$(PREFIX)/bin/liif"

format:
	swift format -i -r $(SOURCES)

lint:
	swift format lint --strict -r $(SOURCES)

dependencies:
	@Scripts/install-dependencies
