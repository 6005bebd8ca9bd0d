"""What `tools/load --rush --processes` has each of them run; not to be run by itself.

A process of Odoo without web server, as the clock and a script are: it calls what it is
told in one line of JSON, [model, method, arguments], and answers in another.
"""

import json
import sys

from odoo.api import SUPERUSER_ID
from odoo.http import serialize_exception
from odoo.modules.registry import Registry
from odoo.service.model import execute_cr
from odoo.tools import config


def answer(database: str, model: str, method: str, arguments: list) -> dict:
    try:
        with Registry(database).cursor() as cr:
            result = execute_cr(cr, SUPERUSER_ID, model, method, arguments, {})
            return {"result": result}
    except Exception as error:
        return {"error": {"data": serialize_exception(error)}}


def main(database: str) -> None:
    config.parse_config(["--log-level=info"], setup_logging=True)
    Registry(database)
    print("ready", flush=True)
    for told in sys.stdin:
        print(json.dumps(answer(database, *json.loads(told))), flush=True)


main(*sys.argv[1:])
