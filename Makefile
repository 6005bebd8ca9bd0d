# Everything runs through small programs in tools/; this file only names them.
.DEFAULT_GOAL := help
.PHONY: help demo test soak lint lock screenshots clean

export PORT

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 8

demo: ## Serve Odoo with the add-on and demo data (PORT=8069)
	@tools/demo

test: ## Run all tests; ARGS="-k name" runs some, on the last database
	@tools/test $(ARGS)

soak: ## Run the property tests with TIMES (20) as many examples, new ones each time
	@tools/soak $(TIMES)

lint: ## Check the style of every file
	@tools/lint $(ARGS)

lock: ## Resolve tools/requirements.in to exact versions again
	@tools/lock

screenshots: ## Take the pictures of the README from the running product
	@tools/screenshots

clean: ## Remove everything that the tools made in this clone
	@tools/clean
