"""The benchmark itself, run by `tools/bench` with Odoo at hand."""
