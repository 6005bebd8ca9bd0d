# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang, get_lang
from odoo.tools.sql import column_exists, create_column

from ... import split
from ...sent import Quantity
from ..product_template import ASSEMBLY_POLICIES

NUMBER = (int, float)
BASIS_TYPES = {"product_id": (int, bool), "quantity": NUMBER, "to_order": (bool,)}
WISH_TYPES = {"wanted": NUMBER, "given": NUMBER}  # of a mixed line besides
FOLLOW_TYPES = {"follows": (bool,), "given": NUMBER}  # of one that follows the stock


class SaleOrderLine(models.Model):
    """How much of a line is assembled to order: default, bounds, the rest."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    assembly_policy = fields.Selection(
        selection=ASSEMBLY_POLICIES,
        compute="_compute_assembly_policy",
        compute_sudo=True,
        groups="base.group_user",
        help="Assembly policy of the product, or of its override for this variant "
        "and warehouse.",
    )
    qty_to_assemble_to_order = Quantity(
        string="Qty. to Assemble to Order",
        digits="Product Unit",
        compute="_compute_qty_to_assemble_to_order",
        inverse="_inverse_qty_to_assemble_to_order",
        store=True,
        readonly=False,
        groups="base.group_user",
        help="Part of the ordered quantity, in the unit of the line, that is "
        "assembled for this order. The rest is taken from stock.",
    )
    assembly_basis = fields.Json(
        compute="_compute_qty_to_assemble_to_order",
        store=True,
        readonly=False,
        copy=True,
        groups="base.group_user",
        help="Product, ordered quantity and policy for which the quantity to assemble "
        "was last decided, by the system or by somebody.",
    )
    qty_from_stock = fields.Float(
        digits="Product Unit",
        compute="_compute_qty_from_stock",
        groups="base.group_user",
        help="Part of the ordered quantity, in the unit of the line, that is taken "
        "from stock: ordered less assembled to order.",
    )

    def _auto_init(self):
        """Leave the lines that exist at installation alone.

        None is assembled, no bin is proposed for them, and no cost was rolled up.
        """
        for name in (
            "qty_to_assemble_to_order",
            "assembly_basis",
            "bin_location_id",
            "bin_proposal_id",
            "rolled_up_cost",
        ):
            if not column_exists(self.env.cr, self._table, name):
                # as its field has it: another type would be a rewrite of the table
                column_type, _name = self._fields[name].column_type
                create_column(self.env.cr, self._table, name, column_type)
        return super()._auto_init()

    @api.depends("product_id.assembly_policy", "warehouse_id")
    def _compute_assembly_policy(self):
        policies = self.env["product.assembly.policy"]._get_policies(
            self.product_id, self.warehouse_id
        )
        for line in self:
            line.assembly_policy = (
                policies.get((line.product_id, line.warehouse_id))
                or line.product_id.assembly_policy
            )

    @api.depends("product_id", "product_uom_qty", "product_uom_id", "warehouse_id")
    def _compute_qty_to_assemble_to_order(self):
        mixable = self.filtered(
            lambda line: line._is_typed_ahead() or line._can_be_assembled()
        )
        plain = self - mixable
        plain.qty_to_assemble_to_order = 0.0
        plain.assembly_basis = False
        following = mixable._get_figures_of_following()
        for line in mixable:
            previous, figures = line._get_kept_decision(), following.get(line)
            line.qty_to_assemble_to_order = line._get_default_qty_to_assemble(figures)
            line.assembly_basis = line._prepare_assembly_basis(previous, bool(figures))

    def _inverse_qty_to_assemble_to_order(self):
        for line in self.filtered(lambda line: not line._is_given_by_basis()):
            line.assembly_basis = line._prepare_assembly_basis()

    @api.depends("product_uom_qty", "qty_to_assemble_to_order")
    def _compute_qty_from_stock(self):
        for line in self:
            line.qty_from_stock = split.parts(
                line.product_uom_qty, line.qty_to_assemble_to_order
            ).stock

    def _prepare_assembly_basis(self, previous=None, follows=False):
        """What the present quantity to assemble was decided for.

        What somebody wanted to be assembled of a mixed line is remembered while less
        is given, so that it comes back with the ordered quantity (E20).

        :param previous: split.Decision that the present quantity follows from; none
            when it was just decided
        :param follows: it was decided by what is missing
        """
        self.ensure_one()
        if self._is_typed_ahead():
            return self.assembly_basis
        if not self._can_be_assembled():
            return False
        quantity, given = self.product_uom_qty, self.qty_to_assemble_to_order
        to_order = self.assembly_policy != "assemble_to_stock"
        basis = {
            "product_id": self.product_id.id,
            "quantity": quantity,
            "to_order": to_order,
        }
        if follows:
            return {**basis, "follows": True, "given": given}
        decided = previous or split.Decision(quantity, given, to_order)
        if decided.is_mixed(self.product_uom_id):
            basis.update(wanted=decided.to_assemble, given=given)
        return basis

    def _get_kept_decision(self):
        """The last decision, as far as somebody has made it.

        What a quotation has followed (`assemble_missing`) binds no other policy.
        """
        previous = self._get_previous_assembly_decision()
        is_proposal = previous and previous.follows and self.state != "sale"
        return None if is_proposal else previous

    def _get_previous_assembly_decision(self):
        """The last decision about this line's product, if there is one.

        What was typed ahead was decided for whichever product comes; what was typed
        for another variant, for this one.
        """
        self.ensure_one()
        basis = self._read_assembly_basis()
        if not basis:
            return None
        is_other = basis["product_id"] not in (False, self.product_id.id)
        if is_other and not self._is_variant(basis["product_id"]):
            return None
        to_assemble, was_mixed = self.qty_to_assemble_to_order, "wanted" in basis
        if was_mixed and self._is_given(basis):
            to_assemble = basis["wanted"]
        else:
            was_mixed = False  # another figure was typed since
        follows = basis.get("follows", False) and self._is_given(basis)
        decision = split.Decision(
            basis["quantity"], to_assemble, basis["to_order"], was_mixed, follows
        )
        is_proposal = is_other and decision.is_by_policy(self.product_uom_id)
        return None if is_proposal else decision

    def _is_variant(self, product_id):
        """Whether this, which may come from a client, is a variant of the product."""
        template = self.product_id.product_tmpl_id.with_context(active_test=False)
        return product_id in template._origin.product_variant_ids._ids

    def _is_given(self, basis):
        """Whether the quantity to assemble is what `basis` has given, not typed."""
        self.ensure_one()
        given = basis.get("given")
        return given is not None and not self.product_uom_id.compare(
            self.qty_to_assemble_to_order, given
        )

    def _is_given_by_basis(self):
        """Whether both figures are as the basis says: nobody has decided anew.

        A form sends back what it was told, with the basis.
        """
        self.ensure_one()
        basis = self._read_assembly_basis()
        return bool(
            basis
            and basis["product_id"] == self.product_id.id
            and self._is_given(basis)
            and not self.product_uom_id.compare(self.product_uom_qty, basis["quantity"])
        )

    def _read_assembly_basis(self):
        """What is kept of the last decision, nothing when it cannot be read.

        The form sends it along, so a client may have sent anything.
        """
        self.ensure_one()
        basis = self.assembly_basis
        if not isinstance(basis, dict):
            return None
        types = {
            **BASIS_TYPES,
            **(WISH_TYPES if "wanted" in basis else {}),
            **(FOLLOW_TYPES if "follows" in basis else {}),
        }
        if any(type(basis.get(name)) not in kinds for name, kinds in types.items()):
            return None
        figures = [basis[name] for name in types if NUMBER == types[name]]
        return basis if all(map(math.isfinite, figures)) else None

    def _get_default_qty_to_assemble(self, figures=None):
        """The quantity to assemble that this line proposes, in its unit (R9).

        :param figures: of a line that follows what is missing
        """
        self.ensure_one()
        if self._is_typed_ahead():
            return self.qty_to_assemble_to_order
        if not self._can_be_assembled():
            return 0.0
        if figures:
            upper = max(self._get_assembly_bounds().upper, 0.0)
            return min(self._get_missing_part(figures), upper)
        return split.default_to_assemble(
            self.product_uom_qty,
            self.assembly_policy == "assemble_to_order",
            self.product_uom_id,
            previous=self._get_kept_decision(),
            shipped=self.qty_delivered,
            upper=self._get_assembly_bounds().upper,
        )

    def _get_assembly_bounds(self):
        """The quantities to assemble that are allowed now, in the line's unit (R17).

        A quotation that was an order before may have been delivered in part. In another
        unit than the product's they are counted in that one: Odoo has rounded what each
        transfer has moved, and 1 of a dozen would leave 0.91, which is no 11.
        """
        self.ensure_one()
        if self.product_uom_id == self.product_id.uom_id:
            return split.assembly_bounds(
                self.product_uom_qty,
                self.product_uom_id,
                assembled=self.qty_assembled,
                shipped_stock=self.qty_delivered - self._get_shipped_assembled(),
            )
        saved, ordered = self._get_saved(), sum(self._get_part_units())
        known = saved._get_figures() if saved else split.Line(None, 0.0, 0.0)
        bounds = split.assembly_bounds(
            ordered, self.product_id.uom_id, known.assembled, known.shipped_stock
        )
        lower, upper = map(self._to_line_unit, bounds)
        # all that is ordered, though the product's unit may not count it: 7 of a dozen
        is_all = self.product_id.uom_id.compare(bounds.upper, ordered) == 0
        return split.Bounds(lower, self.product_uom_qty if is_all else upper)

    def _get_limits(self):
        """What may be typed as A, and what to say of anything else: `panel.Limits`"""
        self.ensure_one()
        bounds = self._get_assembly_bounds()
        lower, upper = map(self._format_count, bounds)
        shipped = self.product_uom_qty - bounds.upper
        if self.product_uom_id.compare(shipped, 0.0) > 0:
            most = self.env._(
                "at most %(upper)s: %(shipped)s delivered from stock",
                upper=upper,
                shipped=self._format_count(shipped),
            )
        else:
            most = self.env._("at most %(upper)s: no more are ordered", upper=upper)
        least = self.env._(
            "at least %(lower)s: already assembled, or 0 to stop", lower=lower
        )
        return {**bounds._asdict(), "lower_text": least, "upper_text": most}

    def _check_not_rounded_away(self, vals):
        """Refuse what is asked for and is nothing in the unit of the line (R14).

        :raises ValidationError: naming the product and the unit
        """
        asked = vals.get("qty_to_assemble_to_order") or 0.0
        if asked > 0 and self.product_uom_id.is_zero(self.qty_to_assemble_to_order):
            raise ValidationError(
                self.env._(
                    "%(product)s on %(order)s: %(asked)s %(uom)s to assemble to order "
                    "is less than can be counted. Enter more, or 0.",
                    product=self.product_id.display_name,
                    order=self.order_id.display_name,
                    asked=self._format_asked(asked),
                    uom=self.product_uom_id.name,
                )
            )

    def _format_asked(self, asked):
        """As many digits as were entered: in those of the unit it is nothing."""
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        return lang.format("%g", asked, grouping=True)

    def _check_whole_serials(self):
        """Refuse a part of a unit that gets a serial number: Odoo makes whole ones.

        :raises ValidationError: naming product, order and quantity
        """
        for line in self.filtered("qty_to_assemble_to_order"):
            if line.product_id.tracking != "serial":
                continue
            units = line._to_product_units(line.qty_to_assemble_to_order)
            uom = line.product_id.uom_id
            if uom.compare(units, round(units)):
                raise ValidationError(
                    self.env._(
                        "%(product)s on %(order)s: %(quantity)s cannot be assembled to "
                        "order, as each has a serial number of its own. Enter a whole "
                        "number of %(uom)s.",
                        product=line.product_id.display_name,
                        order=line.order_id.display_name,
                        quantity=line._format_line_qty(line.qty_to_assemble_to_order),
                        uom=uom.name,
                    )
                )

    @api.constrains("qty_to_assemble_to_order", "product_uom_qty", "product_id")
    def _check_qty_to_assemble_to_order(self):
        """Keep the quantity to assemble inside its bounds (R16 to R18).

        :raises ValidationError: with the product, the order and the limits
        """
        for line in self.filtered("qty_to_assemble_to_order"):
            if not line._can_be_assembled():
                raise ValidationError(line._get_not_assembled_message())
            bounds = line._get_assembly_bounds()
            if not split.is_allowed(
                line.qty_to_assemble_to_order, bounds, line.product_uom_id
            ):
                raise ValidationError(line._get_assembly_bounds_message(bounds))

    def _get_assembly_bounds_message(self, bounds):
        """What was asked, and what is possible, in the words of the line."""
        self.ensure_one()
        figures = {
            "product": self.product_id.display_name,
            "order": self.order_id.display_name,
            "quantity": self._format_line_qty(self.qty_to_assemble_to_order),
            "lower": self._format_line_qty(bounds.lower),
            "upper": self._format_line_qty(bounds.upper),
            "ordered": self._format_line_qty(self.product_uom_qty),
        }
        if self.product_uom_id.compare(bounds.lower, 0.0) > 0:
            return self.env._(
                "%(product)s on %(order)s: %(quantity)s cannot be assembled to order. "
                "Choose from %(lower)s, already assembled, to %(upper)s, ordered and "
                "not delivered from stock, or 0 to stop assembling.",
                **figures,
            )
        return self.env._(
            "%(product)s on %(order)s: %(quantity)s cannot be assembled to order. "
            "Choose from 0 to %(upper)s, ordered and not delivered from stock, or "
            "change the ordered quantity (%(ordered)s).",
            **figures,
        )

    def _to_line_unit(self, units):
        """`units` of the product, in the unit of the line."""
        self.ensure_one()
        product_uom, line_uom = self.product_id.uom_id, self.product_uom_id
        if units and product_uom == line_uom:
            # whole figures stay as they are
            return units if float(units).is_integer() else line_uom.round(units)
        return product_uom._compute_quantity(units, line_uom, rounding_method="HALF-UP")

    def _to_line_units(self, figures):
        """{name: units of the product}, in the unit of the line."""
        self.ensure_one()
        is_same = self.product_id.uom_id == self.product_uom_id
        return {
            name: units
            if is_same and float(units).is_integer()
            else self._to_line_unit(units)
            for name, units in figures.items()
        }

    def _format_line_qty(self, quantity):
        """`quantity`, in the line's unit, as the user reads it."""
        self.ensure_one()
        figure = formatLang(self.env, quantity, dp="Product Unit")
        return f"{figure} {self.product_uom_id.name}"
