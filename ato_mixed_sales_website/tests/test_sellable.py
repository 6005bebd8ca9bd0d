# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from odoo.tests import BaseCase, tagged

from ..sellable import PLENTY, Asked, Offer, Shop, get_share

DESK, TABLE, LEG, SET = range(4)
MADE_OF_LEGS = {LEG: 4}


def offer(product, needs=None, **values):
    return Offer(product, is_assembled=needs is not None, needs=needs or {}, **values)


@tagged("post_install", "-at_install")
class TestSellable(BaseCase):
    """The arithmetic alone: of desk, table and set of legs, with legs in stock."""

    def _share(self, product, free=None, sold=None, offers=None, **values):
        """What can be sold: (from stock, assembled)"""
        stock = {DESK: 6, TABLE: 0, LEG: 16}
        offers = {
            DESK: offer(DESK, MADE_OF_LEGS),
            TABLE: offer(TABLE, MADE_OF_LEGS),
            LEG: offer(LEG),
            SET: offer(SET, {LEG: 2}, from_stock=False, is_kit=True),
            **(offers or {}),
        }
        free = stock.get(product, 0) if free is None else free
        shop = Shop(offers, stock, {})
        return tuple(
            get_share(
                product,
                free,
                shop,
                Asked(sold or {}, values.pop("one_source_sold", {})),
                lambda units: units // 1,
                **values,
            )
        )

    def test_alone(self):
        """6 in stock, and 16 legs make 4 more."""
        self.assertEqual(self._share(DESK), (6, 4))

    def test_made_to_order(self):
        """What stock is not asked of is made only."""
        offers = {DESK: offer(DESK, MADE_OF_LEGS, from_stock=False)}
        self.assertEqual(self._share(DESK, offers=offers), (0, 4))

    def test_shared_components(self):
        """3 tables take 12 of the 16 legs."""
        self.assertEqual(self._share(DESK, sold={TABLE: 3}), (6, 1))
        self.assertEqual(self._share(TABLE, sold={DESK: 10}), (0, 0))
        self.assertEqual(self._share(TABLE, sold={DESK: 7}), (0, 3))

    def test_component_sold(self):
        """A leg that is sold makes no desk, one of a desk is not sold."""
        self.assertEqual(self._share(DESK, sold={LEG: 5}), (6, 2))
        self.assertEqual(self._share(LEG, sold={DESK: 8}), (8, 0))

    def test_sold_product_is_a_component(self):
        """A table made of desks takes those in stock: no desk beyond the others."""
        offers = {TABLE: offer(TABLE, {DESK: 2})}
        self.assertEqual(self._share(TABLE, offers=offers), (0, 3))
        self.assertEqual(self._share(DESK, sold={TABLE: 2}, offers=offers), (2, 0))
        self.assertEqual(self._share(TABLE, sold={DESK: 3}, offers=offers), (0, 1))

    def test_kits(self):
        """A set is 2 legs; Odoo says how many there are."""
        self.assertEqual(self._share(SET, free=8, sold={DESK: 9}), (0, 2))
        self.assertEqual(self._share(SET, free=1), (0, 1))
        self.assertEqual(self._share(DESK, sold={SET: 5}), (6, 1))

    def test_sold_already_of_the_product(self):
        """What is being paid takes stock first."""
        self.assertEqual(self._share(DESK, sold={DESK: 2}), (4, 4))
        self.assertEqual(self._share(DESK, sold={DESK: 9}), (0, 1))
        self.assertEqual(self._share(DESK, sold={DESK: 20}), (0, 0))

    def test_one_source(self):
        """Who takes no mixture gets 6 from stock; then 4 assembled, of all legs."""
        self.assertEqual(self._share(DESK, one_source=True), (6, 0))
        self.assertEqual(self._share(DESK, sold={DESK: 4}, one_source=True), (0, 4))
        # both are kept for who has not decided yet, and nobody is sold them
        sold = {"one_source_sold": {DESK: 3}}
        self.assertEqual(self._share(DESK, **sold), (3, 1))
        self.assertEqual(self._share(TABLE, **sold), (0, 1))
        self.assertEqual(self._share(LEG, **sold), (4, 0))

    def test_plain_product(self):
        """What Odoo says, less than nothing included."""
        self.assertEqual(self._share(LEG, free=-3), (-3, 0))

    def test_nothing_counted(self):
        """What is made of nothing that is counted is never short."""
        offers = {DESK: Offer(DESK, is_assembled=True)}
        self.assertEqual(self._share(DESK, offers=offers), (6, PLENTY))

    def test_never_twice(self):
        """Whatever is sold one after the other, nothing is taken that is not there."""
        chance = random.Random(6)
        for _story in range(300):
            offers = {
                DESK: offer(
                    DESK, {LEG: chance.randint(1, 4)}, from_stock=chance.random() < 0.6
                ),
                TABLE: offer(TABLE, {LEG: 2, DESK: chance.randint(1, 2)}),
                LEG: offer(LEG),
                SET: offer(SET, {LEG: 2, DESK: 1}, from_stock=False, is_kit=True),
            }
            stock = {product: chance.randint(0, 12) for product in (DESK, TABLE, LEG)}
            stock[SET] = 99
            sold = dict.fromkeys(offers, 0)
            shop = Shop(offers, stock, {})
            for _sale in range(6):
                product = chance.choice(list(offers))
                asked, free = Asked(sold, {}), stock[product]
                share = get_share(product, free, shop, asked, lambda u: u // 1)
                sold[product] += chance.randint(0, max(int(share.total), 0))
                left = self._count_left(offers, stock, sold)
                self.assertGreaterEqual(min(left.values()), 0, (offers, sold))

    def _count_left(self, offers, stock, sold):
        """What is left when all of it is delivered, of what is there."""
        left = {product: stock[product] for product in (DESK, TABLE, LEG)}
        made = dict(sold)
        for product in (DESK, TABLE, LEG):
            if offers[product].from_stock:
                taken = min(sold[product], stock[product])
                left[product] -= taken
                made[product] -= taken
        self.assertEqual(made.pop(LEG), 0, "nobody makes legs")
        for product, quantity in made.items():
            for component, need in offers[product].needs.items():
                left[component] -= quantity * need
        return left
