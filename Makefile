# 联防 · Lianfang
#   make run    一条命令启动演示城市 · shows everything, with a demo city
#   make test   全部检查和测试 · checks everything, as CI does
# Both install what they need below this folder first; as root, system packages too.

PORT ?= 8000
DATA ?= var

.PHONY: run test setup front lint bench

run: setup
	.venv/bin/lianfang serve --port $(PORT) --data $(DATA) --demo --lan

test:
	scripts/setup --dev
	scripts/test

setup:
	scripts/setup

front:
	scripts/front

lint:
	scripts/setup --dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup
	.venv/bin/lianfang bench intake --json
	.venv/bin/lianfang bench board --json
	.venv/bin/lianfang bench rescreen --json
	.venv/bin/lianfang bench handover --json
	.venv/bin/lianfang bench checkins --json
	.venv/bin/lianfang bench phone --json
