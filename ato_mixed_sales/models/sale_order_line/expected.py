# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import fields, models


class SaleOrderLine(models.Model):
    """When the customer can expect what is still to be delivered (U14).

    As promised, or when it is there, if that is later: a day for each part where the
    order ships in parts. Customers read it: no figure, no document of the house.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_expected_deliveries(self):
        """What is said to the customer of each line that is still to be delivered.

        :return: {id of the line: text}; nothing for orders without assembled lines
        """
        texts = {}
        # the customer reads it, who may not read what it is counted from
        for lines in self._with_documents().grouped("order_id").values():
            if lines._filter_assembled():
                texts.update(
                    lines._describe_expected_parts(lines._get_expected_parts())
                )
        return texts

    def _get_expected_rows(self):
        """What a mail says of these lines: [(what the line is called, when it comes)]

        One row without a name where all comes on the same day.
        """
        texts = self.order_id.order_line._get_expected_deliveries()
        rows = [
            (line.name.partition("\n")[0], texts[line.id])
            for line in self
            if line.id in texts
        ]
        [*days] = {text for _name, text in rows}
        return [("", days[0])] if len(days) == 1 else rows

    def _describe_expected_parts(self, parts):
        """:param parts: as from `_get_expected_parts`"""
        at_once = self.order_id.picking_policy == "one"
        days = [day for of_line in parts.values() for day in of_line]
        last = None if None in days else max(days, default=None)
        return {
            line.id: line._describe_expected(
                {last: sum(of_line.values())} if at_once else of_line
            )
            for line, of_line in parts.items()
        }

    def _get_expected_parts(self):
        """{line: {day, None where it is not known: quantity in the line's unit}}"""
        figures, parts = self._get_availability(), {}
        for line in self.filtered(lambda line: line._is_expected()):
            known, promised = figures.get(line, {}), line._get_delivery_day()
            later = (
                (known.get("missing_qty", 0.0), known.get("stock_date")),
                (known.get("remaining_qty", 0.0), known.get("assembly_date")),
            )
            of_line, unit = defaultdict(float), line.product_uom_id
            outstanding = line.product_uom_qty - line.qty_delivered
            of_line[promised] = outstanding - sum(quantity for quantity, _day in later)
            for quantity, ready in later:
                of_line[max(ready, promised) if ready else None] += quantity
            parts[line] = {
                day: quantity
                for day, quantity in of_line.items()
                if unit.compare(quantity, 0.0) > 0
            }
        return {line: of_line for line, of_line in parts.items() if of_line}

    def _is_expected(self):
        """Whether the customer waits for goods by the line.

        As in Odoo, what came back is not delivered again unless somebody asks for it.
        """
        self.ensure_one()
        ordered, delivered = self.product_uom_qty, self.qty_delivered
        return (
            self.state != "cancel"
            and self.order_id.delivery_status != "full"
            and self.product_id.type == "consu"
            and self.product_uom_id.compare(ordered, delivered) > 0
        )

    def _describe_expected(self, parts):
        """One day where it is all that was ordered, else how many by which day.

        :param parts: {day, None where it is not known: quantity in the line's unit}
        """
        self.ensure_one()
        ordered, unit = self.product_uom_qty, self.product_uom_id
        [day, *others] = sorted(parts, key=lambda day: (day is None, day))
        if not others and unit.compare(parts[day], ordered) == 0:
            return self._format_day(day) if day else self.env._("to be confirmed")
        return ", ".join(
            self._describe_expected_part(day, parts[day]) for day in (day, *others)
        )

    def _describe_expected_part(self, day, quantity):
        count = self._format_count(quantity)
        if not day:
            return self.env._("%(quantity)s to be confirmed", quantity=count)
        if day <= fields.Date.context_today(self):
            return self.env._("%(quantity)s now", quantity=count)
        return self.env._(
            "%(quantity)s by %(day)s", quantity=count, day=self._format_day(day)
        )
