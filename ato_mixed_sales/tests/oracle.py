# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What stands in the documents of a line, counted without the add-on's own methods.

Only fields that Odoo keeps itself are read: moves, move lines, orders. All figures are
in the unit of the product.
"""

from typing import NamedTuple


class Counted(NamedTuple):
    """The documents of one part of a line."""

    open: float  # asked for and not delivered, wherever the units are
    stages: tuple[float, ...]  # the same, counted at each step of the delivery
    held: float  # reserved by its open moves
    delivered: float  # ever


def demand(moves):
    return sum(moves.mapped("product_qty"))


def units(moves):
    """What move lines have: held while a move is open, moved when it is done."""
    return sum(moves.move_line_ids.mapped("quantity_product_uom"))


def is_open(move):
    return move.state not in ("done", "cancel")


def is_undo(move):
    """Whether the move has brought back a shipment as if it had not left."""
    return move.state == "done" and move.ato_is_undo


def count_parts(line):
    """{source: Counted} of a line."""
    moves = line.move_ids.filtered(
        lambda m: m.product_id == line.product_id
        and not m.production_id
        and m.state != "cancel"
        and m.location_dest_id.usage != "inventory"
    )
    back = moves.filtered(lambda m: m.location_id.usage == "customer")
    put_back = moves.filtered(
        lambda m: m.origin_returned_move_id and m.location_dest_id.usage == "internal"
    )
    # what is only stored again, for nobody, as what customers were asked to return
    strays = moves.filtered(_ends_inside) - _lead_outside(moves).filtered("ato_supply")
    outgoing = moves - back - put_back - strays
    strays -= back | put_back | _follow(back, strays)
    return {
        source: _count(_of(source, outgoing), _of(source, strays))
        for source in ("stock", "assembly")
    }


def _ends_inside(move):
    return (move.location_final_id or move.location_dest_id).usage != "customer"


def is_stored_again(move):
    """Whether the move brings units back to the shelf that have not left."""
    return _ends_inside(move) and move.location_id.usage == "internal"


def _lead_outside(moves):
    """Those that bring units to a customer, be it by others that follow."""
    found = step = moves.filtered(lambda m: not _ends_inside(m))
    while step:
        step = (step.move_orig_ids & moves) - found
        found |= step
    return found


def _follow(back, strays):
    """Those that store what comes back from the customer, step by step: it has left."""
    found = step = back.move_dest_ids & strays
    while step:
        step = (step.move_dest_ids & strays) - found
        found |= step
    return found


def _of(source, moves):
    return moves.filtered(lambda move: is_of(move, source))


def is_of(move, source):
    return (move.ato_supply or "stock") == source


def _count(moves, strays):
    """:param strays: what is stored again of a plain line that was lowered"""
    leaving = moves.filtered(lambda m: m.location_dest_id.usage == "customer")
    left = leaving.filtered(lambda m: m.state == "done")
    delivered = units(left) - units(left.returned_move_ids.filtered(is_undo))
    opened = moves.filtered(is_open)
    return Counted(
        open=_ends(opened),
        stages=tuple(
            _ends(opened & stage)
            + _passed(stage, moves, strays)
            + _surplus(moves - stage)
            - delivered
            for stage in _stages(moves)
        ),
        held=units(opened),
        delivered=delivered,
    )


def _ends(opened):
    """Demand of open moves, each unit once: not what a later one asks for as well."""
    return demand(opened.filtered(lambda m: not (m.move_dest_ids & opened)))


def _passed(stage, moves, strays):
    """What has passed the last step of `stage`, the first steps of a delivery.

    Not what is stored again, as Odoo asks for when less is ordered of a plain line:
    first of all what was left halfway there, which counts as passed by nobody.
    """
    last = stage.filtered(lambda m: not (_get_ahead(m) & stage))
    left = last.filtered(lambda m: m.state == "done")
    halfway = left.filtered(_is_left_halfway)
    done = left - halfway
    behind = (done | (moves - stage)).location_dest_id
    back = strays.filtered(lambda m: m.location_id in behind)
    opened = back.filtered(is_open)
    stored = demand(opened) + units(back - opened)
    nobodys = halfway.filtered(lambda m: m.location_dest_id in behind)
    return _moved(done) - max(stored - _moved(nobodys), 0)


def _moved(done):
    """What steps have moved, less what was put back, or undone."""
    undone = done.returned_move_ids.filtered(is_undo)
    return units(done) - units(_put_back(done) | undone)


def _is_left_halfway(move):
    """Whether nobody goes on with what a step has moved, nearer to the customer.

    Odoo asks nobody to where the steps of the warehouse have changed under a plain
    line: its units are anybody's, and others are asked for once a part is assembled.
    What a split line has left there is missed.
    """
    onward = _get_ahead(move) - move.returned_move_ids
    leaves = move.location_dest_id.usage == "customer"
    return not (leaves or onward or _ends_inside(move))


def _get_ahead(move):
    """Steps that go on with what the move brings.

    Where units of a plain line are taken away from a step, Odoo cuts its chain: it goes
    on with whatever is there.
    """
    cut = move.sale_line_id.move_ids.filtered(
        lambda m: m.location_id == move.location_dest_id
        and not m.move_orig_ids
        and m.state != "cancel"
        and not _ends_inside(m)
    )
    return move.move_dest_ids | cut


def _surplus(moves):
    """What these steps have moved beyond what they were asked for, of what lay there.

    It has passed none of the steps before them, and is on its way all the same. What
    is undone goes back through those steps, and so is nothing of it.
    """
    done = moves.filtered(lambda m: m.state == "done")
    return sum(max(units(m) - units(_put_back(m)) - demand(m), 0) for m in done)


def _put_back(done):
    """What has brought units back from a later step; no customer had them."""
    return done.returned_move_ids.filtered(
        lambda m: m.state == "done" and m.location_id.usage == "internal"
    )


def _stages(moves):
    """The first step of a delivery, the first two, ...: each with those before it.

    Where the steps of the warehouse have changed, a move may be behind others by a
    long way and by a short one: the long one counts.
    """
    depths, depth = {}, 0
    behind = moves.browse().union(*map(_get_ahead, moves)) & moves
    level = moves - behind
    while level and depth <= len(moves):
        depths.update(dict.fromkeys(level, depth))
        ahead = moves.browse().union(*map(_get_ahead, level))
        level, depth = ahead & moves, depth + 1
    for number in sorted(set(depths.values())):
        yield moves.filtered(lambda m, n=number: depths.get(m, n + 1) <= n)


def count_made(line):
    """(made for the line, still to be made for it), by its linked orders."""
    made = coming = 0.0
    for order in line.assembly_order_ids.filtered(lambda o: o.state != "cancel"):
        finished = order.move_finished_ids.filtered(
            lambda m, order=order: m.product_id == order.product_id
            and m.state != "cancel"
        )
        done = finished.filtered(lambda m: m.state == "done")
        # what it made beyond its quantity is free stock
        made += min(units(done), order.product_uom_qty)
        if order.state != "done":
            coming += demand(finished - done)
    return made, coming


def count_surplus_to_store(line):
    """What orders have made beyond their quantity, and nobody has stored yet."""
    surplus = 0.0
    for order in line.assembly_order_ids.filtered(lambda o: o.state == "done"):
        finished = order.move_finished_ids.filtered(
            lambda m, order=order: m.product_id == order.product_id
            and m.state == "done"
        )
        storing = finished.move_dest_ids.filtered(
            lambda m: is_open(m) and not m.sale_line_id
        )
        beyond = max(units(finished) - order.product_uom_qty, 0)
        surplus += min(beyond, units(storing))
    return surplus


def count_returned(line):
    """What came back from the customer and is to be refunded, or sent again."""
    return units(
        line.move_ids.filtered(
            lambda m: m.state == "done"
            and m.to_refund
            and m.location_id.usage == "customer"
            and not is_undo(m)
        )
    )


def count_brought_back(line):
    """What came back from the customer: as many may be sent in exchange.

    Whatever state the order is in, Odoo delivers what a return is exchanged for.
    """
    return units(
        line.move_ids.filtered(
            lambda m: m.state == "done"
            and m.location_id.usage == "customer"
            and not is_undo(m)
        )
    )


def count_sent_again(line):
    """What was put back, or stored again, and brought on its way once more.

    Whatever state the order is in, Odoo's rules go on with it.
    """
    return units(
        line.move_ids.filtered(
            lambda m: m.state == "done" and is_stored_again(m.origin_returned_move_id)
        )
    )


def count_returning(line):
    """What customers are asked to return, and what is sent again when they do."""
    return demand(
        line.move_ids.filtered(
            lambda m: is_open(m)
            and m.product_id == line.product_id
            and m.location_id.usage == "customer"
            and (m.to_refund or not m.origin_returned_move_id)
        )
    )


def count_given_up(line):
    """What deliveries were cancelled with, by the warehouse: nobody asks for it.

    What the line itself asks less for is cancelled with nothing left.
    """
    moves = line.move_ids.filtered(lambda m: not m.production_id)
    cancelled = moves.filtered(lambda m: m.state == "cancel")
    # done for less than was asked, and no backorder made for the rest: where there is
    # one, Odoo has the row that is done ask for what it has moved
    done = moves.filtered(
        lambda m: m.state == "done" and not m.picking_id.backorder_ids
    )
    return demand(cancelled) + sum(max(demand(m) - units(m), 0) for m in done)


def count_stuck(line, source):
    """What is picked, or between the shelf and the customer, of one part."""
    parts = line.move_ids.filtered(
        lambda m: is_of(m, source) and m.product_id == line.product_id
    )
    opened = parts.filtered(is_open)
    first = opened.filtered(lambda m: not (m.move_orig_ids & parts))
    picked = first.move_line_ids.filtered("picked")
    return sum(picked.mapped("quantity_product_uom")) + _ends(opened - first)


def count_held_assembly(line):
    """What is held of units made for the line, from the floor to the customer.

    Not what is stored when the delivery has already left with others.
    """
    made = line.assembly_order_ids.move_finished_ids
    moves = line.move_ids | made.move_dest_ids | made.move_dest_ids.move_dest_ids
    return units(
        moves.filtered(
            lambda m: m.ato_supply == "assembly"
            and not m.production_id
            and is_open(m)
            and set(m.move_dest_ids.mapped("state")) != {"done"}
        )
    )
