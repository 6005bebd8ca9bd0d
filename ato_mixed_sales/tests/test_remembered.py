# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, fields, sql_db
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name


@tagged("post_install", "-at_install")
class TestRemembered(BaseCase):
    """What a process remembers is right for whoever asks, whatever others have asked.

    Two users of one process: what is changed by the first is not saved yet when the
    second one looks.
    """

    def setUp(self):
        super().setUp()
        self.own, self.other = (self._connect() for _number in range(2))
        self.created = []
        self.addCleanup(self._delete)

    def _connect(self):
        cr = sql_db.db_connect(get_db_name()).cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def _create(self, model, **vals):
        record = self.own[model].create(vals)
        self.created.append(record)
        return record

    def _delete(self):
        self.own.cr.rollback()
        for record in reversed(self.created):
            record.exists().unlink()
        self.own.cr.commit()

    def _assert_seen_by_all(self, create, is_seen):
        """Seen by who creates it at once; by the other, who has looked, once saved."""
        self.assertFalse(is_seen(self.own))
        create()
        self.own.flush_all()
        self.assertFalse(is_seen(self.other), "it is not saved yet")
        self.assertTrue(is_seen(self.own))
        self.own.cr.commit()
        self.other.cr.rollback()
        self.assertTrue(is_seen(self.other))

    def _is_kit(self, env):
        """Whether Odoo takes the product for a kit there."""
        product = env["product.product"].search([("name", "=", "Picnic")])
        return bool(env["mrp.bom"]._bom_find(product, bom_type="phantom")[product])

    def _create_picnic(self):
        product = self._create("product.template", name="Picnic")
        self.own.cr.commit()
        return {"product_tmpl_id": product.id, "type": "phantom"}

    def test_kit(self):
        """A product that is a kit from now on: its lines are split into components."""
        bill = self._create_picnic()
        self._assert_seen_by_all(lambda: self._create("mrp.bom", **bill), self._is_kit)

    def test_something_else_is_given_up(self):
        """The kit stays one, though something that came after it is given up."""
        bill = self._create_picnic()
        self._create("mrp.bom", **bill)
        with self.own.cr.savepoint() as savepoint:
            savepoint.rollback()
        self.assertFalse(self._is_kit(self.other))
        self.assertTrue(self._is_kit(self.own))

    def test_given_up(self):
        """The kit is not saved: it is one for nobody."""
        bill = self._create_picnic()
        self.own["mrp.bom"].create(bill)
        self.assertTrue(self._is_kit(self.own))
        self.own.cr.rollback()
        self.assertFalse(self._is_kit(self.own))
        self.assertFalse(self._is_kit(self.other))

    def test_wish(self):
        """The first customer who wants no mixed sources."""
        self._assert_seen_by_all(
            lambda: self._create(
                "res.partner", name="Picky", assembly_single_source=True
            ),
            lambda env: env["res.partner"]._has_wishes(),
        )

    def test_day_off(self):
        """A public holiday, on a day on which everybody works."""
        warehouse = self.own["stock.warehouse"].search([], limit=1)
        day = fields.Date.to_date("2031-05-14")
        self._assert_seen_by_all(
            lambda: self._create(
                "resource.calendar.leaves",
                name="Holiday",
                company_id=warehouse.company_id.id,
                date_from="2031-05-14 00:00:00",
                date_to="2031-05-14 23:00:00",
            ),
            lambda env: env["stock.warehouse"]._is_day_off(warehouse.id, day),
        )
