"""What the web client asks for while somebody types in the lines of a quotation.

A change in a line is two requests, as in `_getOnchangeValues` of the client's
relational model: of the line with its order, then of the order with its lines.
"""

from odoo import api, models

from . import client
from .measure import Action, Site

NEW = "virtual_1"


def type_quantity(env: api.Environment, site: Site, count: int) -> Action:
    return _Screen(site.order(env, "quotation", count)).typing("product_uom_qty", 11)


def type_part(env: api.Environment, site: Site, count: int) -> Action:
    screen = _Screen(site.order(env, "quotation", count))
    return screen.typing("qty_to_assemble_to_order", 5)


def add_line(env: api.Environment, site: Site, count: int) -> Action:
    return _Screen(site.order(env, "quotation", count)).adding(site.products[0])


def save_quantity(env: api.Environment, site: Site, count: int) -> Action:
    return _Screen(site.order(env, "quotation", count)).saving("product_uom_qty", 11)


def type_simple(env: api.Environment, site: Site, count: int) -> Action:
    return _Screen(site.order(env, "simple", count)).typing("product_uom_qty", 11)


class _Screen:
    """The form of an order with all its lines on one page, nothing changed yet."""

    def __init__(self, order: models.BaseModel) -> None:
        self.order = order
        self.fields = client.form_specification(order)
        self.line_fields = self.fields["order_line"]["fields"]
        self.line = order.order_line[len(order.order_line) // 2]

    def typing(self, name: str, value: float) -> Action:
        def change() -> None:
            values = self._type(name, value)
            self._tell_order([1, self.line.id, values])

        return change

    def saving(self, name: str, value: float) -> Action:
        """Save what was typed before, and read the order again."""
        values = self._type(name, value)
        self._tell_order([1, self.line.id, values])
        writable = {
            name: changed
            for name, changed in values.items()
            if not self.order.order_line._fields[name].readonly
        }
        commands = [[1, self.line.id, writable]]
        return lambda: self.order.web_save({"order_line": commands}, self.fields)

    def adding(self, product: int) -> Action:
        """A new line, and its product."""
        lines = self.order.order_line.browse()

        def add() -> None:
            order = {"order_id": {"id": self.order.id}}
            told = lines.onchange(dict(order), [], self.line_fields)
            values = _to_sent(lines, told["value"])
            values["product_id"] = product
            told = lines.onchange({**values, **order}, ["product_id"], self.line_fields)
            values.update(_to_sent(lines, told["value"]))
            self._tell_order([0, NEW, values])

        return add

    def _type(self, name: str, value: float) -> dict:
        """What a line becomes by what is typed, as it is sent with its order."""
        sent = {name: value, "order_id": {"id": self.order.id}}
        told = self.line.onchange(sent, [name], self.line_fields)
        return {name: value, **_to_sent(self.line, told["value"])}

    def _tell_order(self, command: list) -> None:
        self.order.onchange({"order_line": [command]}, ["order_line"], self.fields)


def _to_sent(lines: models.BaseModel, told: dict) -> dict:
    """What the server has told of a line, as the client sends it back."""
    return {
        name: value["id"]
        if isinstance(value, dict) and lines._fields[name].type == "many2one"
        else value
        for name, value in told.items()
        if name != "order_id"
    }
