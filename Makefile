# Two commands matter: `make up` and `make test`. Each is also an npm script, for machines without make.
.POSIX:
.PHONY: help up dev reset test tools bench node

help:
	@echo 'make up     install, build and start everything; prints one URL. Ctrl-C stops it.'
	@echo 'make dev    the same with hot reload'
	@echo 'make reset  forget all local state (.slipway)'
	@echo 'make test   everything that CI checks'
	@echo 'make tools  Helm, Docker Compose and shellcheck for the checks of a change, into .tools'
	@echo 'make bench  the numbers of the README, measured here'

up: node
	@node scripts/up.mjs --up

dev: node
	@node scripts/up.mjs --dev

reset: node
	@node scripts/up.mjs --reset

test: node
	@node scripts/test.mjs

tools: node
	@node scripts/get-tools.mjs

bench: node
	@npm run -s bench

# Whether Node is new enough is checked by the scripts themselves, so that the npm scripts check it too.
node:
	@command -v node >/dev/null 2>&1 || { \
	  echo 'Slipway needs Node 20.19 or newer, and there is no "node" on the PATH.' >&2; \
	  echo 'Get it from https://nodejs.org/en/download or with a version manager (nvm install 20).' >&2; exit 1; }
