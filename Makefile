# Everything runs through small programs in tools/; this file only names them.
.DEFAULT_GOAL := help
.PHONY: help demo test soak compat lifecycle bench load lint lock readme wheel
.PHONY: screenshots clean

export PORT SHOP

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 8

demo: ## Serve Odoo with the add-on and demo data (PORT=8069); SHOP=1 with a web shop
	@tools/demo

test: ## Run all tests; ARGS="-k name" runs some, on the last database
	@tools/test $(ARGS)

soak: ## Run TIMES (20) as many random examples, then the tests at other times of day
	@tools/soak $(TIMES)

compat: ## Run Odoo's own tests with the add-on; SUITES="sale_stock sale_mrp" runs some
	@tools/compat $(SUITES)

lifecycle: ## Install, update, uninstall and reinstall beside ORDERS (5000) open orders
	@tools/lifecycle $(ORDERS)

bench: ## Measure beside Odoo alone into docs/benchmark; ARGS=quick leaves out long orders
	@tools/bench $(ARGS)

load: ## Let many people work at once, then count; ARGS="-h" lists choices
	@tools/load $(ARGS)

lint: ## Check the style of every file
	@tools/lint $(ARGS)

lock: ## Resolve tools/requirements.in to exact versions again
	@tools/lock

readme: ## Write README.rst and index.html of the add-ons from their readme folders
	@tools/readme

wheel: ## Build the wheels and sell with them in a clean environment
	@tools/wheel

screenshots: ## Take the pictures of the README; ARGS=widths|clicks: screens by width, clicks and keys
	@tools/screenshots $(ARGS)

clean: ## Remove everything that the tools made in this clone
	@tools/clean
