"""Make a database a company of some years: python -m bench_odoo.fill DATABASE.

The database has the add-on, and nothing else yet.
"""

import sys

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools import config

from . import big
from .measure import Site


def main(database: str) -> None:
    config.parse_config(["--log-level=error"], setup_logging=True)
    site = Site(database)
    company = big.create_history(site)
    company.grow(max(big.STEPS), mixed=True)
    with site.transaction() as env:
        # at night, and not at once, as in a database that was just made
        scheduler = env.ref("stock.ir_cron_scheduler_action").sudo()
        scheduler.nextcall = fields.Datetime.now() + relativedelta(days=1)
        env.cr.commit()


main(*sys.argv[1:])
