# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ato_mixed_sales.tests.common import (
    AssembleToOrderCommon,
    CheckedStories,
)
from odoo.addons.website_sale.tests.common import MockRequest


def pay(order, state):
    """A payment of the order by wire transfer, as far as `state` says."""
    provider = order.env.ref("payment.payment_provider_transfer")
    method = order.env.ref("payment_custom.payment_method_wire_transfer")
    return order.env["payment.transaction"].create(
        {
            "amount": order.amount_total,
            "currency_id": order.currency_id.id,
            "operation": "online_direct",
            "partner_id": order.partner_id.id,
            "payment_method_id": method.id,
            "provider_id": provider.id,
            "reference": f"{order.name}-{state}",
            "sale_order_ids": [Command.set(order.ids)],
            "state": state,
        }
    )


class ShopCommon(AssembleToOrderCommon):
    """A shop of the warehouse: 6 desks, and legs and tops for 4 more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].create(
            {"name": "Desk Shop", "warehouse_id": cls.warehouse.id}
        )
        cls.public_user = cls.env.ref("base.public_user")
        for product in (cls.desk, cls.desk_to_order, cls.lamp, cls.leg, cls.top):
            product.write(
                {"website_published": True, "allow_out_of_stock_order": False}
            )
        cls.desk.assembly_policy = "assemble_missing"
        cls._set_stock(cls.desk, 6)
        cls._set_stock(cls.leg, 16)
        cls._set_stock(cls.top, 100)
        cls.carrier = cls._create_carrier()

    @classmethod
    def _create_carrier(cls):
        service = cls.env["product.product"].create(
            {"name": "Delivery", "type": "service", "list_price": 0.0}
        )
        vals = {"product_id": service.id, "website_published": True}
        return cls.env["delivery.carrier"].create({"name": "Our own cart", **vals})

    def _create_cart(self, *lines):
        """A cart with (product, quantity[, to assemble]) in it, whatever there is."""
        return self._create_order(
            *lines, website_id=self.website.id, carrier_id=self.carrier.id
        )

    def _fill(self, cart, product, quantity, uom=None):
        """A visitor asks for `quantity` more, in `uom` if it is told.

        :return: what is added
        """
        env = self.env(user=self.public_user)
        with MockRequest(env, website=self.website.with_env(env)):
            added = (
                cart.with_env(env)
                .sudo()
                ._cart_add(product.id, quantity, uom_id=uom and uom.id)
            )
            return added["added_qty"]

    def _get_info(self, product, cart=None, uom=None):
        """What a visitor's page is told of `product`."""
        env = self.env(user=self.public_user)
        env["product.product"].invalidate_model(["shop_supply"])
        website = self.website.with_env(env)
        with MockRequest(env, website=website, sale_order_id=cart and cart.id):
            return (
                env["product.template"]
                .with_context(website_sale_stock_get_quantity=True)
                ._get_additionnal_combination_info(
                    product.with_env(env),
                    quantity=1,
                    uom=(uom or product.uom_id).with_env(env),
                    date=self.today,
                    website=website,
                )
            )

    def _count_sellable(self, product, cart=None):
        return self._get_info(product, cart)["free_qty"]


@tagged("post_install", "-at_install")
class TestShop(CheckedStories, ShopCommon):
    # What can be sold

    def test_stock_and_assembly(self):
        """6 in stock and 4 of the legs: 10, of what is made to order 4."""
        self._set_stock(self.desk_to_order, 6)
        self.assertEqual(self._count_sellable(self.desk), 10)
        self.assertEqual(self._count_sellable(self.desk_to_order), 4)
        self.assertEqual(self._count_sellable(self.leg), 16)

    def test_taken_from_stock(self):
        """Nothing is assembled by its policy: as Odoo has it."""
        self.desk.assembly_policy = "assemble_to_stock"
        self.assertEqual(self._count_sellable(self.desk), 6)
        self.assertNotIn("assembly_message", self._get_info(self.desk))

    def test_policy_of_the_warehouse(self):
        self.desk.assembly_policy = "assemble_to_stock"
        self.desk.assembly_policy_ids = [
            Command.create(
                {"warehouse_id": self.warehouse.id, "policy": "assemble_missing"}
            )
        ]
        self.assertEqual(self._count_sellable(self.desk), 10)

    def test_in_dozens(self):
        """16 desks, 4 of them assembled, are 1 dozen; 12 of them are in stock."""
        self._set_stock(self.desk, 12)
        info = self._get_info(self.desk, uom=self.dozen)
        self.assertEqual(info["free_qty"], 1)
        self.assertIn("1 Dozens in stock, more", info["assembly_message"])

    def test_cart_in_dozens(self):
        """1 of 2 dozens: 10 in stock, 2 of 8 legs; 8 legs are left for 2 to order."""
        self._set_stock(self.desk, 10)
        cart = self._create_cart()
        self.assertEqual(self._fill(cart, self.desk, 2, self.dozen), 1)
        self.assertEqual(self._fill(cart, self.desk_to_order, 3), 2)
        cart._check_cart_is_ready_to_be_paid()
        cart._validate_order()
        self.assertEqual(self._count_sellable(self.desk), 0)
        self.assertFalse(any(cart.order_line.mapped("components_short_qty")))

    def test_what_others_ask_for(self):
        """2 are reserved, 3 to be assembled: 4 in stock, and legs for 1."""
        self._create_order((self.desk, 5, 3)).action_confirm()
        self.assertEqual(self._count_sellable(self.desk), 5)

    def test_what_others_lack(self):
        """5 desks to order lack a leg each: what comes is theirs."""
        self._create_order((self.desk_to_order, 5)).action_confirm()
        self.assertEqual(self._count_sellable(self.desk), 6)
        self._set_stock(self.leg, 19)
        self.assertEqual(self._count_sellable(self.desk), 6)
        self._set_stock(self.leg, 24)
        self.assertEqual(self._count_sellable(self.desk), 7)

    def test_what_others_ask_for_and_do_not_hold(self):
        """3 desks to order ask for 12 legs, and nobody has reserved them yet."""
        self.warehouse.manu_type_id.reservation_method = "manual"
        self._create_order((self.desk_to_order, 3)).action_confirm()
        self.assertEqual(self._free(self.leg), 16)
        self.assertEqual(self._count_sellable(self.desk), 7)

    def test_many_products(self):
        """What one product costs, a page of 40 costs."""
        products = [
            self._create_product(
                f"Desk {number}",
                components={self.leg: 4},
                allow_out_of_stock_order=False,
                assembly_policy="assemble_missing",
            ).id
            for number in range(40)
        ]

        def count(ids):
            self.env.flush_all()
            self.env.invalidate_all()
            env = self.env(user=self.public_user)
            website = self.website.with_env(env)
            with MockRequest(env, website=website):
                before = self.env.cr.sql_log_count
                for product in env["product.product"].browse(ids).sudo():
                    self.assertEqual(website._get_product_available_qty(product), 4)
                return self.env.cr.sql_log_count - before

        count(products[:2])
        few = count(products[:2])
        self.assertLessEqual(count(products), few + 5)

    # In one cart

    def test_shared_components(self):
        """3 desks to order take 12 of the 16 legs: 6 in stock, and legs for 1."""
        cart = self._create_cart((self.desk_to_order, 3))
        self.assertEqual(self._count_sellable(self.desk, cart), 7)
        self.assertEqual(self._fill(cart, self.desk, 10), 7)
        self.assertEqual(self._fill(cart, self.leg, 1), 0)
        cart._check_cart_is_ready_to_be_paid()

    def test_component_sold(self):
        """8 legs are sold: 2 desks less can be assembled; then legs of them are not."""
        cart = self._create_cart((self.leg, 8))
        self.assertEqual(self._fill(cart, self.desk, 10), 8)
        self.assertEqual(self._fill(cart, self.leg, 1), 0)
        cart._check_cart_is_ready_to_be_paid()

    def test_product_is_a_component(self):
        """A corner of 2 desks takes 2 of the 6: no more than 4 are sold."""
        corner = self._create_product(
            "Corner",
            components={self.desk: 2},
            allow_out_of_stock_order=False,
            assembly_policy="assemble_to_order",
        )
        cart = self._create_cart((corner, 1))
        self.assertEqual(self._fill(cart, self.desk, 10), 4)
        cart.action_confirm()
        self.assertRecordValues(
            cart.order_line, [{"missing_qty": 0}, {"missing_qty": 0}]
        )
        self.assertFalse(any(cart.order_line.mapped("components_short_qty")))

    def test_kits_in_the_cart(self):
        """A set of 4 legs in the cart takes them from the desks, and once."""
        kit = self._create_product(
            "Set of Legs", allow_out_of_stock_order=False, is_storable=False
        )
        self._create_bom(kit, {self.leg: 4}, type="phantom")
        cart = self._create_cart((kit, 2))
        self.assertEqual(self._count_sellable(self.desk, cart), 8)
        self.assertEqual(self._count_sellable(self.leg, cart), 8)
        self.assertEqual(cart._get_unavailable_quantity_from_kits(self.leg), 0)

    def test_customer_who_takes_one_source(self):
        """6 from stock, or 4 assembled: no 7 for who accepts no mixture."""
        self.customer.assembly_single_source = True
        cart = self._create_cart()
        self.assertEqual(self._fill(cart, self.desk, 7), 6)
        pay(cart, "draft")
        self.assertEqual(self._count_sellable(self.desk), 0)
        cart._check_cart_is_ready_to_be_paid()
        cart._validate_order()
        self.assertLine(cart.order_line, 6, 6, 0)
        self.assertEqual(self._count_sellable(self.desk), 4)

    def test_change_of_a_line(self):
        """What the line itself has counts once."""
        cart = self._create_cart((self.desk, 8), (self.leg, 4))
        self.assertEqual(self._count_sellable(self.desk, cart), 9)
        self.assertEqual(self._fill(cart, self.desk, 5), 1)

    def test_refused_when_it_is_gone(self):
        """9 are in the cart when somebody else buys the legs."""
        cart = self._create_cart((self.desk, 9))
        self._create_order((self.leg, 8)).action_confirm()
        with self.assertRaisesRegex(ValidationError, "9.0 Desk but only 8.0"):
            cart._check_cart_is_ready_to_be_paid()

    # A cart, and what becomes of it

    def test_no_draft_order_for_a_cart(self):
        """A cart has none, what is sent has one."""
        cart = self._create_cart((self.desk_to_order, 3))
        self.assertEqual(cart.order_line.qty_to_assemble_to_order, 3)
        self.assertFalse(cart.order_line.assembly_order_ids)
        cart.order_line.product_uom_qty = 4
        self.assertFalse(cart.order_line.assembly_order_ids)
        cart.action_quotation_sent()
        self.assertEqual(cart.order_line.assembly_order_ids.state, "draft")
        self.assertEqual(cart.order_line.assembly_order_ids.product_qty, 4)

    def test_cart_left_behind(self):
        cart = self._create_cart((self.desk_to_order, 3))
        count = self.env["mrp.production"].search_count([])
        cart.unlink()
        self.assertEqual(self.env["mrp.production"].search_count([]), count)

    def test_quotation_of_the_back_office(self):
        """No website: as ever."""
        order = self._create_order((self.desk_to_order, 3))
        self.assertEqual(order.order_line.assembly_order_ids.state, "draft")

    def test_nothing_held_for_a_cart(self):
        """Where quotations hold stock at once, carts do when they are sent."""
        self.company.reserve_stock_at_once = True
        cart = self._create_cart((self.desk, 8, 2))
        cart.order_line.product_uom_qty = 7
        self.assertEqual(self._free(self.desk), 6)
        cart.action_quotation_sent()
        self.assertEqual(self._free(self.desk), 1)
        pay(cart, "pending")
        # of its 7 it holds 5 and has 2 assembled
        self.assertEqual(self._count_sellable(self.desk), 1 + 4 - 2)

    def test_paid(self):
        """10 ordered: 6 from stock, 4 are assembled, nothing is left."""
        cart = self._create_cart((self.desk, 10))
        cart._check_cart_is_ready_to_be_paid()
        cart._validate_order()
        line = cart.order_line
        self.assertLine(line, 10, 6, 4)
        self.assertInvariants(line)
        self.assertEqual(line.assembly_order_ids.product_qty, 4)
        self.assertEqual(line.reserved_stock_qty, 6)
        self.assertEqual(line.components_short_qty, 0)
        self.assertEqual(self._count_sellable(self.desk), 0)
        self.assertEqual(self._count_sellable(self.leg), 0)

    def test_paid_in_many_steps(self):
        """Picked, packed and shipped; components picked, units stored."""
        self._set_steps("pick_pack_ship", "pbm_sam")
        cart = self._create_cart((self.desk, 8))
        self.assertEqual(self._count_sellable(self.desk), 10)
        cart._check_cart_is_ready_to_be_paid()
        cart._validate_order()
        self.assertLine(cart.order_line, 8, 6, 2)
        self.assertInvariants(cart.order_line)
        self.assertEqual(self._count_sellable(self.desk), 2)
        self.assertEqual(self._count_sellable(self.leg), 8)

    def test_paid_and_made_to_order(self):
        """All 4 are assembled, whatever lies in stock."""
        self._set_stock(self.desk_to_order, 6)
        cart = self._create_cart((self.desk_to_order, 4))
        cart._check_cart_is_ready_to_be_paid()
        cart._validate_order()
        self.assertLine(cart.order_line, 4, 0, 4)
        self.assertEqual(cart.order_line.components_short_qty, 0)

    # Being paid

    def test_being_paid(self):
        """7 are being paid: 3 are left; a cart that nobody pays takes nothing."""
        cart = self._create_cart((self.desk, 7))
        self.assertEqual(self._count_sellable(self.desk), 10)
        payment = pay(cart, "draft")
        info = self._get_info(self.desk)
        self.assertEqual(info["free_qty"], 3)
        self.assertEqual(info["stock_qty"], 0)
        cart._check_cart_is_ready_to_be_paid()
        with self.assertRaisesRegex(ValidationError, "4.0 Desk but only 3.0"):
            self._create_cart((self.desk, 4))._check_cart_is_ready_to_be_paid()
        payment.state = "cancel"
        self.assertEqual(self._count_sellable(self.desk), 10)

    def test_waits_for_its_payment(self):
        """A wire transfer is pending for days: what is ordered is sold."""
        cart = self._create_cart((self.desk, 7))
        pay(cart, "pending")._post_process()
        self.assertEqual(cart.state, "sent")
        self.assertEqual(self._count_sellable(self.desk), 3)
        cart.action_confirm()
        self.assertLine(cart.order_line, 7, 6, 1)
        self.assertEqual(self._count_sellable(self.desk), 3)

    def test_payment_that_is_never_ended(self):
        """After half an hour others may buy it."""
        payment = pay(self._create_cart((self.desk, 7)), "draft")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - "
            "INTERVAL '31 minutes' WHERE id = %s",
            [payment.id],
        )
        self.assertEqual(self._count_sellable(self.desk), 10)

    # What the page says

    def _get_message(self, product=None, **values):
        return self._get_info(product or self.desk, **values).get("assembly_message")

    def test_page(self):
        """The lead time is one of working days of the warehouse."""
        bom = self.desk.bom_ids
        for days, said in ((0, "today"), (1, "in 1 day"), (4, "in 4 days")):
            bom.produce_delay = days
            self.assertEqual(self._get_message(), f"6 in stock, more {said}")
        self.company.resource_calendar_id = self._create_calendar(
            [(self.today.weekday() + 2) % 7]
        )
        bom.produce_delay = 1
        self.assertEqual(self._get_message(), "6 in stock, more in 9 days")

    def test_page_without_stock(self):
        self._set_stock(self.desk, 0)
        bom = self.desk.bom_ids
        for days, said in ((0, "today"), (1, "in 1 day"), (4, "in 4 days")):
            bom.produce_delay = days
            self.assertEqual(self._get_message(), f"Available {said}")

    def test_page_without_components(self):
        """Nothing more can be assembled: Odoo's own words."""
        self._set_stock(self.leg, 3)
        self.assertIsNone(self._get_message())
        self.assertEqual(self._count_sellable(self.desk), 6)

    def test_page_with_a_cart(self):
        """4 are in the cart: 2 left in stock; then 6, and all of it."""
        self.desk.bom_ids.produce_delay = 4
        for in_cart, said in (
            (4, "2 in stock, more in 4 days"),
            (6, "Available in 4 days"),
            (10, None),
        ):
            cart = self._create_cart((self.desk, in_cart))
            self.assertEqual(self._get_message(cart=cart), said)
