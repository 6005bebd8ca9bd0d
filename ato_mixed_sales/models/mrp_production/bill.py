# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import formatLang

COMPONENT = ("product_id", "product_uom_qty", "product_uom")
FOLLOWED = (*COMPONENT, "operation_id", "cost_share")


class MrpProduction(models.Model):
    """What the bill of materials asked for when a quotation was made, and asks now.

    Who has changed a component is not to be seen from it once the bill is another one:
    so what the bill asked for is noted, and what differs from that was changed.
    """

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    ato_bom_basis = fields.Json(
        string="Bill of Materials Followed",
        copy=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        help="What the bill of materials of this draft order said when its components "
        "last followed it: {'bill': all that it says, 'components': {id of its line: "
        "[product, quantity, unit]}}, by ids, quantities in the unit that is told.",
    )

    def _remember_bill(self, asked=None):
        """Note what the bill asks for, of orders that follow it now.

        :param asked: as from `_get_asked_components`; the components unless told
        """
        for order in self:
            if asked is None:
                moves = order.move_raw_ids.filtered("bom_line_id")
                noted = {str(m.bom_line_id.id): order._get_said(m) for m in moves}
            else:
                noted = {k: [vals[n] for n in COMPONENT] for k, vals in asked.items()}
            # kits among the components have bills of their own
            boms = order.bom_id | order.move_raw_ids.bom_line_id.bom_id
            order.ato_bom_basis = {"bill": boms._read_as_basis(), "components": noted}

    def _get_said(self, move):
        """What a component says: [product, quantity, unit], by ids"""
        return [move.product_id.id, move.product_uom_qty, move.product_uom.id]

    def _get_asked_components(self):
        """What the bill asks for now: {id of its line, a text: values of a move}"""
        self.ensure_one()
        return {str(vals["bom_line_id"]): vals for vals in self._get_moves_raw_values()}

    def _get_untouched_components(self):
        """{component: id of the line of the bill}, of those that nobody has changed.

        The line may not be there any more.
        """
        self.ensure_one()
        noted = (self.ato_bom_basis or {}).get("components", {})
        return self._match_noted(self.move_raw_ids, "bom_line_id", noted)

    def _match_noted(self, moves, name, noted):
        """{move: key in `noted`}, of the moves that are as it says.

        :param name: of the field that has the line of the bill, while there is one
        :param noted: {id of the line, a text: [product, quantity, unit]}
        """
        noted, untouched = dict(noted), {}
        for move in moves.sorted(lambda move: not move[name]):
            said, key = self._get_said(move), str(move[name].id)
            if not move[name]:
                key = next((key for key in noted if noted[key] == said), key)
            product, quantity, unit = noted.pop(key, [None, 0.0, None])
            same_kind = (product, unit) == (move.product_id.id, move.product_uom.id)
            if same_kind and move.product_uom.compare(quantity, said[1]) == 0:
                untouched[move] = key
        return untouched

    def _scale_components(self, factor):
        """Have components be for `factor` times as many, which the order makes now.

        What somebody has changed is scaled, the rest follows the bill of materials,
        which knows better than a factor (W18).
        """
        self.ensure_one()
        untouched, basis = self._get_untouched_components(), self.ato_bom_basis
        asked = self._get_asked_components()
        noted = {
            key: [product, quantity * factor, unit]
            for key, (product, quantity, unit) in basis["components"].items()
        }
        for move in self.move_raw_ids:
            key, wanted = untouched.get(move), move.product_uom_qty * factor
            product, quantity, unit = self._get_asked(asked, key)
            if (product, unit) == (move.product_id.id, move.product_uom.id):
                wanted = quantity
            move.product_uom_qty = move.product_uom.round(wanted)
            if key:
                noted[key] = self._get_said(move)
        self.ato_bom_basis = {**basis, "components": noted}

    def _get_asked(self, asked, key):
        """What the bill asks for by one of its lines: [product, quantity, unit]"""
        return [asked.get(key, {}).get(name) for name in COMPONENT]

    def _follow_bill_of_the_day(self):
        """Have quotations' orders be made as their bills ask for now.

        Components and by-products that somebody has changed, added or left out are
        kept so. Work follows as by Odoo's own "Update BoM".
        """
        noted = {
            order: order.ato_bom_basis["bill"]
            for order in self.filtered("ato_bom_basis")
        }
        ids = {int(key) for bill in noted.values() for key in bill}
        said = self.env["mrp.bom"].browse(ids).exists()._read_as_basis()
        for order, bill in noted.items():
            # an older version has noted less
            if any(said.get(key, [])[: len(bill[key])] != bill[key] for key in bill):
                order._take_over_bill(said)

    def _take_over_bill(self, said):
        """:param said: bills as they are now, as from `_read_as_basis`"""
        self.ensure_one()
        asked, basis = self._get_asked_components(), self.ato_bom_basis
        by_products = self.move_finished_ids.filtered(
            lambda move: move.product_id != self.product_id
        )
        noted = self._get_noted_by_products()
        untouched = self._match_noted(by_products, "byproduct_id", noted)
        made, changed = self._prepare_bill_commands(
            by_products, untouched, noted, self._get_asked_by_products()
        )
        commands, kept = self._prepare_bill_commands(
            self.move_raw_ids,
            self._get_untouched_components(),
            basis["components"],
            asked,
        )
        self.write({"move_raw_ids": commands, "move_finished_ids": made})
        self._take_over_work(basis["bill"], said)
        self.is_outdated_bom = False
        self._remember_bill(asked)
        self._tell_bill(kept + changed)

    def _prepare_bill_commands(self, moves, untouched, noted, asked):
        """What has `moves` follow the bill, and what does not: (commands, kept)

        :param untouched: as from `_match_noted`
        :param noted: what the bill asked for: {id of its line: [product, ...]}
        :param asked: what it asks for now: {id of its line: values of a move}
        :return: kept are words for what somebody has changed, added or left out
        """
        commands = [Command.create(asked[key]) for key in asked if key not in noted]
        for move, key in untouched.items():
            if key not in asked:
                commands.append(Command.delete(move.id))
            elif vals := self._get_differing(move, asked[key]):
                commands.append(Command.update(move.id, vals))
        kept = [move for move in moves if move not in untouched]
        there = {*untouched.values()}
        there |= {str((m.bom_line_id or m.byproduct_id).id) for m in kept}
        left_out = asked.keys() & (noted.keys() - there)
        return commands, [
            *(
                self._describe_component(m.product_id, m.product_uom_qty, m.product_uom)
                for m in kept
            ),
            *(
                self._describe_left_out(asked[key]["product_id"])
                for key in sorted(left_out)
            ),
        ]

    def _get_differing(self, move, asked):
        """Values of `asked` that a move follows and does not have."""
        return {
            name: asked[name]
            for name in FOLLOWED
            if name in asked and not move._is_same_value(name, asked[name], move[name])
        }

    def _get_asked_by_products(self):
        """What the bill makes besides: {id of its line, a text: values of a move}"""
        return {
            str(vals["byproduct_id"]): vals
            for vals in self._get_moves_finished_values()
            if vals["byproduct_id"]
        }

    def _get_noted_by_products(self):
        """What the bill made besides: {id of its line: [product, quantity, unit]}"""
        self.ensure_one()
        bill = self.ato_bom_basis["bill"][str(self.bom_id.id)]
        if len(bill) < 4:  # an older version: who has changed them is not known
            moves = self.move_finished_ids.filtered("byproduct_id")
            return {str(move.byproduct_id.id): self._get_said(move) for move in moves}
        unit = self.env["uom.uom"].browse(bill[1])
        quantity = self.product_uom_id._compute_quantity(self.product_qty, unit)
        factor = quantity / bill[0]
        return {
            str(key): [product, made * factor, uom]
            for key, product, made, uom, *_others in bill[3]
        }

    def _take_over_work(self, noted, said):
        """Have the work of changed operations be made anew; what was added stays.

        :param noted: the bills as they were, as from `_read_as_basis`
        :param said: the same, as they are now
        """
        before = self._get_work_of(noted.values())
        if before == self._get_work_of(said.get(key, []) for key in noted):
            return
        # what is deleted leaves work that says nothing of its bill
        known = [work[1:3] for work in before]
        self.workorder_ids.filtered(
            lambda work: work.operation_id
            or [work.name, work.workcenter_id.id] in known
        ).unlink()
        self.env.add_to_compute(self._fields["workorder_ids"], self)

    @api.model
    def _get_work_of(self, bills):
        """The operations of bills that are given as by `_read_as_basis`."""
        return [work for bill in bills for rows in bill[4:5] for work in rows]

    def _tell_bill(self, kept):
        """Say in the chatter of order and sales order what became of the order.

        :param kept: words for what somebody had changed
        """
        self.ensure_one()
        told = self.env._(
            "%(assembly_order)s: bill of materials %(bom)s has changed since the "
            "quotation. Components, by-products and work follow it as it is today.",
            assembly_order=self.name,
            bom=self.bom_id.display_name,
        )
        if kept:
            told += " " + self.env._(
                "What was changed for this order is kept: %(components)s.",
                components=", ".join(kept),
            )
        self._message_log(body=told)
        self.ato_sale_line_id.order_id.message_post(body=told)

    def _describe_left_out(self, product_id):
        product = self.env["product.product"].browse(product_id)
        return self._describe_component(product, 0.0, product.uom_id)

    @api.model
    def _describe_component(self, product, quantity, unit):
        return self.env._(
            "%(quantity)s %(uom)s of %(product)s",
            quantity=formatLang(self.env, quantity, dp="Product Unit"),
            uom=unit.name,
            product=product.display_name,
        )
