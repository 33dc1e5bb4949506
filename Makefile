# Short names for the scripts; on a machine without make, call them directly.
# make test FILTER=ImagingTests runs a part; make install puts the program into $(PREFIX)/bin,
# its recipes, manual pages and completions below $(PREFIX)/share.
PREFIX ?= /usr/local
SOURCES = Package.swift Sources Tests Benchmarks Examples Fuzzing

.PHONY: build demo test figure install deb documentation format lint

build:
	@Scripts/build

demo:
	@Scripts/demo

test:
	@Scripts/test $(if $(FILTER),'$(FILTER)')

# The README's picture; needs python3 with Pillow.
figure: build
	Scripts/make-figure .build/release/liif Docs/Images/coffee.png

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 .build/release/liif "$(DESTDIR)$(PREFIX)/bin/liif"
	Scripts/install-extras .build/release/liif "$(DESTDIR)$(PREFIX)"

deb:
	@Scripts/make-deb out

documentation:
	@Scripts/make-documentation

format:
	swift format -i -r $(SOURCES)

lint:
	swift format lint --strict -r $(SOURCES)
