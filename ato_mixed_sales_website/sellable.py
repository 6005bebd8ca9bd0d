# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can still be sold in a shop of what there is, free of the ORM.

Quantities are in the unit of the product they are of. No unit is sold twice: several
products may be made of the same components, and be components themselves.

What is ordered takes stock first, whatever the order of the lines, and what is to be
assembled beyond that takes components from what is left: as the policy
`assemble_missing` decides when the order is confirmed.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

Place = Hashable  # of one product in one warehouse

# Of what is made of nothing that is counted: more than anybody orders.
PLENTY = 1_000_000.0


class Offer(NamedTuple):
    """How one product is supplied."""

    place: Place  # where its own stock is
    is_assembled: bool = False  # or delivered as what it is made of
    from_stock: bool = True  # whether stock is taken before anything is assembled
    needs: Mapping[Place, float] = {}  # what one unit is made of
    days: int = 0  # until what is assembled from now on is ready
    is_kit: bool = False


class Asked(NamedTuple):
    """What somebody asks for: {product: quantity} each."""

    mixed: Mapping[int, float]
    one_source: Mapping[int, float]  # all from stock, or all assembled


class Shop(NamedTuple):
    """What a shop has, and whom it is promised to."""

    offers: dict[int, Offer]  # by product
    stock: dict[Place, float]  # free, and asked for by nobody else
    paying: dict[int, "Asked"]  # by order

    def update(self, other: "Shop") -> None:
        for mine, others in zip(self, other, strict=True):
            mine.update(others)


class Share(NamedTuple):
    """What of one product can still be sold."""

    from_stock: float
    assembled: float = 0.0

    @property
    def total(self) -> float:
        return self.from_stock + self.assembled


def get_claims(shop: Shop, sold: Asked) -> dict[Place, float]:
    """What the products that are sold take, of themselves and of components.

    Who takes one source may take either: both are kept until that is decided.
    """
    claims: dict[Place, float] = defaultdict(float)
    for product, units in sold.one_source.items():
        offer = shop.offers[product]
        claims[offer.place] += units
        for place, quantity in offer.needs.items():
            claims[place] += units * quantity
    for product, units in sold.mixed.items():
        offer, taken = shop.offers[product], units
        if offer.is_assembled:
            in_stock = max(shop.stock.get(offer.place, 0.0), 0.0)
            taken = min(units, in_stock) if offer.from_stock else 0.0
        claims[offer.place] += taken
        for place, quantity in offer.needs.items():
            claims[place] += (units - taken) * quantity
    return claims


def get_share(
    product: int,
    free: float,
    shop: Shop,
    sold: Asked,
    whole: Callable[[float], float],
    one_source: bool = False,
) -> Share:
    """What of `product` can still be sold beside what is `sold` already.

    :param free: what is in stock of it, held by nobody
    :param whole: what can be assembled of a quantity
    :param one_source: whether the customer takes all from stock, or all assembled
    """
    offer, own = shop.offers[product], sold.mixed.get(product, 0.0)
    others = {name: units for name, units in sold.mixed.items() if name != product}
    claims = get_claims(shop, sold._replace(mixed=others))
    claimed = claims.get(offer.place, 0.0)
    by_others = claimed - sold.one_source.get(product, 0.0)
    if not offer.is_assembled:
        return Share(free - claimed - own)
    in_stock = able = 0.0
    if offer.from_stock:
        in_stock = max(min(free, shop.stock.get(offer.place, 0.0)) - claimed, 0.0)
    # who orders beyond that takes what others are made of, before it is assembled
    if not (offer.from_stock and by_others > 0):
        able = whole(_get_able(offer, shop, claims))
    if offer.is_kit:
        able = min(able, max(free, 0.0))
    beyond = max(own - in_stock, 0.0)
    share = Share(max(in_stock - own, 0.0), max(able - beyond, 0.0))
    if one_source and share.from_stock >= share.assembled:
        return Share(share.from_stock)
    return Share(0.0, share.assembled) if one_source else share


def _get_able(offer: Offer, shop: Shop, claims: Mapping[Place, float]) -> float:
    """How many units could be assembled of what the claims leave."""
    of_each = (
        (shop.stock.get(place, 0.0) - claims.get(place, 0.0)) / quantity
        for place, quantity in offer.needs.items()
    )
    return max(min(of_each, default=PLENTY), 0.0)
