# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import formatLang

COMPONENT = ("product_id", "product_uom_qty", "product_uom")


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
        noted, untouched = dict((self.ato_bom_basis or {}).get("components", {})), {}
        for move in self.move_raw_ids.sorted(lambda move: not move.bom_line_id):
            said, key = self._get_said(move), str(move.bom_line_id.id)
            if not move.bom_line_id:
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
        """Have quotations' orders be made of what their bills ask for now.

        Components that somebody has changed, added or left out are kept so.
        """
        noted = {
            order: order.ato_bom_basis["bill"]
            for order in self.filtered("ato_bom_basis")
        }
        ids = {int(key) for bill in noted.values() for key in bill}
        said = self.env["mrp.bom"].browse(ids).exists()._read_as_basis()
        for order, bill in noted.items():
            if any(said.get(key) != bill[key] for key in bill):
                order._take_over_bill(order._get_asked_components())

    def _take_over_bill(self, asked):
        """:param asked: as from `_get_asked_components`"""
        self.ensure_one()
        noted, untouched = self.ato_bom_basis["components"], set()
        commands = [Command.create(asked[key]) for key in asked if key not in noted]
        kept = self.move_raw_ids
        for move, key in self._get_untouched_components().items():
            untouched.add(key)
            kept -= move
            said = self._get_asked(asked, key)
            if key not in asked:
                commands.append(Command.delete(move.id))
            elif said != self._get_said(move):
                vals = dict(zip(COMPONENT, said, strict=True))
                commands.append(Command.update(move.id, vals))
        changed = asked.keys() & (noted.keys() - untouched)
        left_out = changed - {str(move.bom_line_id.id) for move in kept}
        self.write({"move_raw_ids": commands, "is_outdated_bom": False})
        self._remember_bill(asked)
        products = [asked[key]["product_id"] for key in left_out]
        self._tell_bill(kept, self.env["product.product"].browse(products))

    def _tell_bill(self, kept, left_out):
        """Say in the chatter of order and sales order what became of the components.

        :param kept: components, stock.move, that somebody had changed or added
        :param left_out: products of components that somebody had removed
        """
        self.ensure_one()
        told = self.env._(
            "%(assembly_order)s: bill of materials %(bom)s has changed since the "
            "quotation. The components follow it as it is today.",
            assembly_order=self.name,
            bom=self.bom_id.display_name,
        )
        if kept or left_out:
            told += " " + self._describe_kept(kept, left_out)
        self._message_log(body=told)
        self.ato_sale_line_id.order_id.message_post(body=told)

    def _describe_kept(self, kept, left_out):
        """What of the order is not as its bill of materials says, as a sentence."""
        components = [
            self._describe_component(m.product_id, m.product_uom_qty, m.product_uom)
            for m in kept
        ]
        components += [
            self._describe_component(product, 0.0, product.uom_id)
            for product in left_out
        ]
        return self.env._(
            "What was changed for this order is kept: %(components)s.",
            components=", ".join(components),
        )

    @api.model
    def _describe_component(self, product, quantity, unit):
        return self.env._(
            "%(quantity)s %(uom)s of %(product)s",
            quantity=formatLang(self.env, quantity, dp="Product Unit"),
            uom=unit.name,
            product=product.display_name,
        )
