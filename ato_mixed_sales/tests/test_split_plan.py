# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from collections import Counter
from itertools import product

from odoo.tests import BaseCase, tagged

from .. import split
from .properties import SOAK

PLANS, SOAK_PLANS = 100_000, 10_000_000
MOST_ORDERED = 4


class WholeUnit:
    """A unit that is counted in whole pieces."""

    @staticmethod
    def compare(value1, value2):
        return (value1 > value2) - (value1 < value2)

    @staticmethod
    def round(value):
        return value


def total(orders):
    return sum(order.open for order in orders)


def applied(line, steps):
    """The line when somebody has done the steps: a model of its documents."""
    orders = {order.key: order for order in line.orders}
    parts = {"stock": line.stock, "assembly": line.assembly}
    given_up = line.given_up
    for step in steps:
        match step:
            case split.Lower(key, quantity) | split.Raise(key, quantity):
                sign = -1 if isinstance(step, split.Lower) else 1
                order = orders.pop(key)
                assert not order.has_started
                if order.open + sign * quantity:
                    changed = order._replace(open=order.open + sign * quantity)
                    orders[key] = changed
            case split.Leave(key):
                assert orders.pop(key).has_started
            case split.Make(quantity):
                orders["new"] = split.Order("new", quantity)
            case split.Remake(key, quantity):
                orders[f"{key} again"] = split.Order(f"{key} again", quantity)
            case split.GiveUp(quantity):
                given_up += quantity
            case split.AskBack(quantity):
                line = line._replace(returning=line.returning + quantity)
            case split.LeaveBehind(supply, quantity):
                shelf, *later = parts[supply].stages
                for number, stage in enumerate(later):
                    less = min(stage.under_way, quantity)
                    quantity -= less
                    asked, under_way = stage.asked - less, stage.under_way - less
                    later[number] = stage._replace(asked=asked, under_way=under_way)
                assert not quantity
                parts[supply] = split.Part((shelf, *later))
            case split.TakeBack(supply, quantity) | split.Ask(supply, quantity):
                sign = -1 if isinstance(step, split.TakeBack) else 1
                shelf, *later = parts[supply].stages
                shelf = shelf._replace(asked=shelf.asked + sign * quantity)
                parts[supply] = split.Part((shelf, *later))
    return line._replace(
        orders=tuple(sorted(orders.values(), key=lambda order: str(order.key))),
        given_up=given_up,
        undone=(),
        **parts,
    )


class PlanCase(BaseCase):
    """What holds for every plan, told without the methods that make it."""

    def assertPlanned(self, line, event):
        """The plan leads to what is asked for, or is refused for a true reason."""
        try:
            steps = split.plan(line, event)
        except split.Refused as refusal:
            self.seen[refusal.reason] += 1
            self._check_refusal(line, event, refusal)
            return None
        self.seen.update(type(step).__name__ for step in steps)
        self.seen["planned"] += 1
        after = applied(line, steps)
        self._check_figures(after, event, (line, steps))
        self._check_kept(line, after, event)
        again = split.plan(after, event)
        self.assertFalse(again, (line, steps))
        kinds = [(type(step), step[0]) for step in steps]
        self.assertEqual(len(kinds), len(set(kinds)), "no step twice")
        return after

    def _check_figures(self, line, event, told):
        """Orders make R, each part asks for what it lacks, what waits is asked for."""
        made, given_up = line.made, line.given_up
        left, to_assemble = line.shipped_assembled, line.to_assemble
        assembled = max(made - given_up, 0)
        self.assertEqual(total(line.orders), max(to_assemble - assembled, 0), told)
        assembly = max(to_assemble - left, 0)
        stock = max(line.ordered - line.shipped - assembly + line.returning, 0)
        asked = {
            supply: part.stages[0].asked + sum(s.under_way for s in part.stages)
            for supply, part in (("stock", line.stock), ("assembly", line.assembly))
        }
        if event.may_ask:
            self.assertGreaterEqual(asked["stock"], stock, told)
            self.assertGreaterEqual(asked["assembly"], assembly, told)
        if event.is_wish:
            self.assertEqual(asked, {"stock": stock, "assembly": assembly}, told)
        else:
            for part, wanted in (("stock", stock), ("assembly", assembly)):
                stages = getattr(line, part).stages
                stuck = stages[0].picked + sum(s.under_way for s in stages)
                self.assertLessEqual(asked[part], max(wanted, stuck), told)
        self.assertLessEqual(made - given_up - left, assembly, told)
        self.assertLessEqual(given_up, max(made - left, 0) + line.given_up, told)

    def _check_kept(self, before, after, event):
        """What has started, and what is on its way, is nobody's to take by a wish."""
        for supply in ("stock", "assembly"):
            shelf = getattr(after, supply).stages[0]
            self.assertGreaterEqual(shelf.asked, shelf.picked)
        stages = before.assembly.stages
        on_the_way = stages[0].picked + sum(stage.under_way for stage in stages)
        ready = before.made - before.given_up - before.shipped_assembled
        waiting = after.made - after.given_up - after.shipped_assembled
        self.assertGreaterEqual(waiting, min(ready, on_the_way))
        started = {o for o in before.orders if o.has_started}
        self._check_newest_first(before.orders, after.orders)
        if event.is_wish:
            self.assertLessEqual(started, set(after.orders))
            if after.to_assemble:
                self.assertEqual(after.given_up, before.given_up)

    def _check_newest_first(self, before, after):
        """Of orders alike, the newest is the first that makes less, or more."""
        opened = {order.key: order.open for order in after}
        for has_started in (False, True):
            alike = [order for order in before if order.has_started == has_started]
            changed = [opened.get(order.key) != order.open for order in alike]
            self.assertEqual(changed, sorted(changed))
            gone = [order.key not in opened for order in alike]
            self.assertEqual(gone, sorted(gone))

    def _check_refusal(self, line, event, refusal):
        """Only wishes are refused, for so many units as are really in the way."""
        self.assertTrue(event.is_wish)
        made = max(line.made - line.given_up, 0)
        waiting = line.made - line.given_up - line.shipped_assembled
        assembly = max(line.to_assemble - line.shipped_assembled, 0)
        if refusal.reason == "started":
            started = sum(o.open for o in line.orders if o.has_started)
            beyond = started - max(line.to_assemble - made, 0)
        elif refusal.reason == "assembled":
            self.assertTrue(line.to_assemble)
            beyond = waiting - assembly
        else:
            stock = max(line.ordered - line.shipped - assembly + line.returning, 0)
            wanted = {"stock": stock, "assembly": assembly}[refusal.supply]
            stages = getattr(line, refusal.supply).stages
            under_way = sum(stage.under_way for stage in stages)
            picked = min(stages[0].picked, stages[0].asked)
            beyond = picked + under_way - wanted
            if refusal.reason == "under_way":
                self.assertTrue(under_way)
        self.assertGreater(beyond, 0)
        self.assertEqual(refusal.quantity, beyond)

    def assertEveryEvent(self, line, wishes, losses):
        """Every wish, and everything that can happen to the documents."""
        for ordered, to_assemble in wishes:
            asked = line._replace(ordered=ordered, to_assemble=to_assemble)
            # below what is assembled it is the plan that refuses
            if to_assemble <= asked.bounds.upper:
                self.assertPlanned(asked, split.SELLER)
                self._check_launch(asked)
                self.assertHeldBack(asked)
        for planned, lost in losses:
            self._check_loss(line, planned, lost)
        self._check_put_back(line)
        self._check_undo(line)
        left = split.to_assemble_after_counter(line)
        self.assertLessEqual(left, line.to_assemble)
        self.assertPlanned(line._replace(to_assemble=left), split.COUNTER)
        nothing = split.Part()
        cancelled = line._replace(
            ordered=line.shipped, to_assemble=0, stock=nothing, assembly=nothing
        )
        after = self.assertPlanned(cancelled, split.CANCELLATION)
        self.assertFalse(after.orders)
        self.assertLessEqual(after.waiting, 0)

    def _check_launch(self, line):
        """What left beyond the order is asked back, once, and is no other wish."""
        after = self.assertPlanned(line, split.LAUNCH)
        if after:
            beyond = line.shipped - line.ordered
            beyond += max(line.to_assemble - line.shipped_assembled, 0)
            self.assertEqual(after.returning, max(line.returning, beyond))

    def _check_put_back(self, line):
        """Each unit behind the shelf is put back, or gone: asked for on the shelf.

        Another one that nobody asks for is not asked for by the way.
        """
        for supply in ("stock", "assembly"):
            shelf, *later = getattr(line, supply).stages
            for number, stage in enumerate(later):
                if not stage.under_way:
                    continue
                less = stage._replace(
                    asked=stage.asked - 1, under_way=stage.under_way - 1
                )
                later[number] = less
                cut = line._replace(**{supply: split.Part((shelf, *later))})
                later[number] = stage
                wished = cut._replace(ordered=cut.ordered + 1)
                back = int(supply == "stock")
                asking = split.asking_no_more(wished, back)
                steps = split.plan(asking, split.PUT_BACK)
                self.assertEqual(steps, [split.Ask(supply, 1)], line)
                self.assertPlanned(asking, split.PUT_BACK)

    def _check_undo(self, line):
        """A unit has not left after all: asked for, and made, once more; A is kept.

        What was made before waits again. What nobody asked for, nobody asks for now.
        """
        for assembled, apart in ((0, 0), (1, 0), (1, 1)):
            left = line.shipped_assembled if assembled else line.shipped_stock
            if left < 1 or line.shipped < 1:
                continue
            back = line._replace(
                shipped=line.shipped - 1,
                shipped_assembled=line.shipped_assembled - assembled,
                given_up=line.given_up + apart,
            )
            undone = (split.Order("apart", apart),) if apart else ()
            undone = split.after_undo(back, line, undone)
            after = self.assertPlanned(undone, split.UNDO)
            self.assertEqual(after.to_assemble, line.to_assemble)
            self.assertEqual(after.stock.open, line.stock.open + 1 - assembled)
            self.assertEqual(after.assembly.open, line.assembly.open + assembled)
            self.assertEqual(total(after.orders), total(line.orders) + apart)

    def assertHeldBack(self, line):
        """No more is asked for in all, no more of a part than is open.

        None is made, unless assembled units are asked for that nothing makes.
        """
        try:
            steps = split.plan(line, split.HELD_BACK)
        except split.Refused:
            with self.assertRaises(split.Refused):
                split.plan(line, split.SELLER)
            return
        after = applied(line, steps)
        self.assertFalse(split.plan(after, split.HELD_BACK), (line, steps))
        known = [order for order in after.orders if order.key != "new"]
        lacking = after.to_assemble - after.made + after.given_up - total(known)
        unmade = after.assembly.open - after.waiting - total(known)
        is_made = len(after.orders) > len(known)
        self.assertEqual(is_made, min(lacking, unmade) > 0, (line, steps))
        before = line.stock.open + line.assembly.open
        assembly = max(line.to_assemble - line.shipped_assembled, 0)
        stock = max(line.ordered - line.shipped - assembly + line.returning, 0)
        self.assertEqual(
            after.stock.open + after.assembly.open, min(before, stock + assembly)
        )
        self.assertLessEqual(after.stock.open, stock)
        self.assertLessEqual(after.assembly.open, assembly)

    def _check_loss(self, line, planned, lost):
        """Orders make `planned` less, and `lost` units that wait are gone."""
        orders, left = [], planned
        for order in line.orders:
            taken = min(left, order.open)
            left -= taken
            if order.open > taken:
                orders.append(order._replace(open=order.open - taken))
        after = line._replace(
            orders=tuple(orders),
            given_up=line.given_up + lost,
            to_assemble=split.to_assemble_after_loss(line, planned + lost),
        )
        self.assertPlanned(after, split.FLOOR)

    def assertDelivery(self, line, stock, assembly, beyond):
        """The warehouse asks no more for so many of each part, or sent too many."""
        parts = {}
        for supply, less in (("stock", stock), ("assembly", assembly)):
            shelf, *later = getattr(line, supply).stages
            parts[supply] = split.Part(
                (shelf._replace(asked=shelf.asked - less), *later)
            )
        cut = line._replace(shipped=line.shipped + beyond, **parts)
        to_assemble = split.to_assemble_after_delivery(cut)
        self.assertLessEqual(to_assemble, cut.to_assemble)
        after = self.assertPlanned(
            cut._replace(to_assemble=to_assemble), split.WAREHOUSE
        )
        upper = min(cut.ordered, cut.ordered - (cut.shipped - cut.shipped_assembled))
        stages = cut.assembly.stages
        on_the_way = stages[0].picked + sum(stage.under_way for stage in stages)
        most = max(upper, cut.shipped_assembled + on_the_way, 0)
        self.assertLessEqual(after.to_assemble, most)


def orders_of(quantity):
    """How one or two orders, started or not, make `quantity`."""
    if not quantity:
        yield ()
        return
    for first in range(1, quantity + 1):
        quantities = [first, quantity - first] if first < quantity else [first]
        for started in product((False, True), repeat=len(quantities)):
            yield tuple(
                split.Order(f"{number}", open_, has_started)
                for number, (open_, has_started) in enumerate(
                    zip(quantities, started, strict=True)
                )
            )


def parts_of(asked, ready, steps):
    """Where `ready` of the units asked for can be: shelf, picked, each later step."""
    for picked in range(ready + 1):
        for second in range(ready - picked + 1 if steps > 1 else 1):
            left = ready - picked - second
            for third in range(left + 1 if steps > 2 else 1):
                shelf = split.Stage(asked=asked - second - third, picked=picked)
                later = (split.Stage(asked=n, under_way=n) for n in (second, third))
                yield split.Part((shelf, *later)[:steps])


def lines_of(ordered, steps):
    """Every line of `ordered` whose documents are right, delivered in `steps`."""
    for to_assemble in range(ordered + 1):
        for made, returned in product(range(to_assemble + 1), range(2)):
            for left in range(made + 1):
                for from_stock in range(ordered - to_assemble + 1):
                    if returned > left + from_stock:
                        continue
                    shipped = left + from_stock - returned
                    line = split.Line(
                        WholeUnit,
                        ordered,
                        to_assemble,
                        shipped,
                        left,
                        made=made + 1,
                        given_up=1,
                        returning=0,
                    )
                    yield from lines_with(line, steps)
                    if shipped and steps == 1:
                        yield from lines_with(line._replace(returning=1), steps)


def lines_with(line, steps):
    """The line with all ways in which its documents can be right."""
    ready = line.made - line.given_up - line.shipped_assembled
    assembly = line.to_assemble - line.shipped_assembled
    stock = line.ordered - line.shipped - assembly + line.returning
    for orders, from_assembly, from_stock in product(
        orders_of(line.to_assemble - line.made + line.given_up),
        parts_of(assembly, ready, steps),
        parts_of(stock, stock, steps),
    ):
        yield line._replace(orders=orders, assembly=from_assembly, stock=from_stock)


@tagged("post_install", "-at_install")
class TestPlanProperties(PlanCase):
    """Every small line under every event: no database."""

    def setUp(self):
        super().setUp()
        self.seen = Counter()

    def test_every_small_line(self):
        for steps, ordered in product((1, 2, 3), range(1, MOST_ORDERED + 1)):
            wishes = [
                (wanted, to_assemble)
                for wanted in range(ordered + 2)
                for to_assemble in range(wanted + 1)
            ]
            for line in lines_of(ordered, steps):
                self.assertFalse(split.plan(line), line)
                self._try(line, wishes)
        self.assertEqual(
            set(self.seen),
            {
                *("TakeBack", "Lower", "Leave", "GiveUp", "Raise", "Make", "Ask"),
                *("AskBack", "LeaveBehind", "Remake"),
                *("planned", "started", "assembled", "picked", "under_way"),
            },
        )

    def _try(self, line, wishes):
        waiting = line.assembly.stages[0].asked - total(line.orders)
        free = max(waiting - line.assembly.stages[0].picked, 0)
        losses = [*product(range(total(line.orders) + 1), range(free + 1))]
        self.assertEveryEvent(line, wishes, losses)
        stock, assembly = line.stock.stages[0], line.assembly.stages[0]
        for less, fewer, beyond in product(
            {0, stock.asked - stock.picked},
            {0, assembly.asked - assembly.picked},
            range(2),
        ):
            self.assertDelivery(line, less, fewer, beyond)

    def test_random_lines(self):
        """Large lines with many orders."""
        seed = random.randrange(2**32) if SOAK else 1
        chance, plans = random.Random(seed), SOAK_PLANS if SOAK else PLANS
        with self.subTest(seed=seed):
            while self.seen.total() < plans:
                line = self._draw(chance)
                self.assertFalse(split.plan(line), line)
                wanted = chance.randint(0, 40)
                wishes = [(wanted, chance.randint(0, wanted)), (wanted, 0)]
                free = line.assembly.stages[0]
                waiting = max(free.asked - total(line.orders) - free.picked, 0)
                loss = (
                    chance.randint(0, total(line.orders)),
                    chance.randint(0, waiting),
                )
                self.assertEveryEvent(line, wishes, [loss])
                less = [
                    chance.randint(0, part.stages[0].asked - part.stages[0].picked)
                    for part in (line.stock, line.assembly)
                ]
                self.assertDelivery(line, *less, chance.randint(0, 9))

    def _draw(self, chance):
        """A line whose documents are right."""
        ordered = chance.randint(0, 36)
        to_assemble = chance.randint(0, ordered)
        made = chance.randint(0, to_assemble)
        left = chance.randint(0, made)
        from_stock = chance.randint(0, ordered - to_assemble)
        returned = chance.choice((0, 0, chance.randint(0, left + from_stock)))
        given_up = chance.choice((0, 3))
        line = split.Line(
            WholeUnit,
            ordered,
            to_assemble,
            left + from_stock - returned,
            left,
            made=made + given_up,
            given_up=given_up,
            orders=self._draw_orders(chance, to_assemble - made),
        )
        line = line._replace(returning=chance.choice((0, min(line.shipped, 2))))
        stock = ordered - line.shipped - (to_assemble - left) + line.returning
        steps = chance.randint(1, 3)
        return line._replace(
            assembly=self._draw_part(chance, to_assemble - left, made - left, steps),
            stock=self._draw_part(chance, stock, stock, steps),
        )

    def _draw_orders(self, chance, quantity):
        orders = []
        while quantity:
            open_ = chance.randint(1, quantity)
            quantity -= open_
            started = chance.random() < 0.4
            orders.append(split.Order(f"{len(orders):03}", open_, started))
        return tuple(orders)

    def _draw_part(self, chance, asked, ready, steps):
        picked = chance.choice((0, chance.randint(0, ready)))
        stages, left = [], ready - picked
        for _step in range(steps - 1):
            under_way = chance.choice((0, chance.randint(0, left)))
            left -= under_way
            stages.append(split.Stage(asked=under_way, under_way=under_way))
        under_way = sum(stage.under_way for stage in stages)
        return split.Part((split.Stage(asked - under_way, picked=picked), *stages))
