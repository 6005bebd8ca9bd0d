# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What figures are read from, of many records in few queries."""

from odoo.fields import Domain


def read_columns(records):
    """Read what is read together anyway, of however many records, in one query."""
    records.fetch(get_columns(records))


def read_linked(*links):
    """Read what several fields link to, with its columns, in one query.

    Odoo asks for each field by itself, and then for what it has found.

    :param links: (records, name of one of their one2many fields); all link to the same
        model. Who reads them may read all of it
    """
    unread = {}
    for records, name in links:
        field = records._fields[name]
        unread[field] = _get_unread(records, field)
        read_columns((records - unread[field]).mapped(name))
    domains = {
        field: field.get_comodel_domain(records) for field, records in unread.items()
    }
    linked = records.env[field.comodel_name].with_context(active_test=False)
    linked = linked.search_fetch(
        Domain.OR(
            domains[field] & Domain(field.inverse_name, "in", records.ids)
            for field, records in unread.items()
            if records
        ),
        get_columns(linked),
    )
    _remember(unread, linked, domains)


def compute_together(records, name):
    """Work out a field of however many records at once.

    Odoo does it of a thousand at a time.
    """
    field = records._fields[name]
    field.compute_value(records.browse(field._cache_missing_ids(records)))


def get_columns(records):
    """Names of the fields that Odoo reads whenever it reads one of them."""
    return [
        name
        for name, field in records._fields.items()
        if field.prefetch is True and field.store and field.column_type
    ]


def _get_unread(records, field):
    """Those of the records of which nobody knows yet what `field` links to."""
    if field.compute:
        records._recompute_recordset([field.name])
    return records.browse(field._cache_missing_ids(records))


def _remember(unread, linked, domains):
    """Have the fields link to what was found, as reading them would.

    :param unread: {field: records of which it was not known}
    :param domains: {field: which of what links back it links to}
    """
    links = {
        field: {key: [] for key in records._ids} for field, records in unread.items()
    }
    # ids as they have just been read, of which there may be many thousands
    back = {
        field: linked._fields[field.inverse_name]._get_cache(linked.env)
        for field in links
    }
    for record_id in linked._ids:
        found = [
            (field, of_record[key])
            for field, of_record in links.items()
            if (key := back[field].get(record_id)) in of_record
        ]
        for field, ids in found:
            # what is found by one of them only is found by its domain
            record = linked.browse(record_id)
            if len(found) == 1 or record.filtered_domain(domains[field]):
                ids.append(record_id)
    for field, of_record in links.items():
        field._insert_cache(unread[field], map(tuple, of_record.values()))
