"""What the web client asks the server for, derived from the views of a database.

It follows `getFieldsSpec` and `extractFieldsFromArchInfo` of the client's relational
model: fields of the arch, of the inline list that a wide screen shows, and of the
inline form; what is always invisible without its related fields. Fields that widgets
ask for besides are known to JavaScript only, and stand here.
"""

from lxml import etree

from odoo import models
from odoo.tools.safe_eval import safe_eval

WIDGET_FIELDS = {
    "sol_product_many2one": (
        "is_configurable_product",
        "product_type",
        "service_tracking",
        "product_template_attribute_value_ids",
        "translated_product_name",
    ),
    "qty_at_date_widget": (
        "display_qty_widget",
        "free_qty_today",
        "forecast_expected_date",
        "is_mto",
        "move_ids",
        "qty_available_today",
        "qty_to_deliver",
        "scheduled_date",
        "virtual_available_at_date",
        "warehouse_id",
        # of the add-on
        "assembly_figures",
        "qty_from_stock",
        "qty_to_assemble_to_order",
        "qty_assembled",
    ),
    "qty_to_assemble": (
        "is_assembled",
        "awaits_product",
        "assembly_basis",
        "assembly_figures",
    ),
    "assembly_availability_panel": ("has_assembled_lines", "locked", "state"),
    "analytic_distribution": ("analytic_precision",),
    "image": ("write_date",),
    "signature": ("write_date",),
}
TAG_WIDGETS = ("many2many_tags", "many2many_tax_tags", "x2many_buttons")
ROWS = 40  # of a list that does not say otherwise
ALWAYS = ("1", "True", "true")


def form_specification(model: models.BaseModel) -> dict:
    """What `web_read` is asked for when a form of `model` opens."""
    return _specification(model, _get_arch(model, "form", False))


def list_specification(model: models.BaseModel, view: str) -> dict:
    """What `web_search_read` is asked for by the list `view`."""
    return _specification(model, _get_arch(model, "list", model.env.ref(view).id))


def _get_arch(model: models.BaseModel, view_type: str, view_id: int | bool):
    views = model.get_views([(view_id, view_type)])
    return etree.fromstring(views["views"][view_type]["arch"])


def _specification(model: models.BaseModel, arch) -> dict:
    """The fields below `arch`: {name: what is wanted of related records}"""
    specification: dict[str, dict] = {"display_name": {}}
    hidden = set()
    for node in _get_own_nodes(arch):
        if node.tag == "field":
            field = model._fields[node.get("name")]
            if _is_always_invisible(node) and field.name not in specification:
                specification[field.name] = _get_hidden(field)
                hidden.add(field.name)
            elif not _is_always_invisible(node):
                if field.name not in specification or field.name in hidden:
                    specification[field.name] = _get_shown(model, field, node)
                hidden.discard(field.name)
        for field in _get_widget_fields(model, node):
            if field.name not in specification or field.name in hidden:
                specification[field.name] = _get_of_widget(field)
    return specification


def _get_own_nodes(arch):
    """Fields and widgets of a view without those of the views inside its fields."""
    for child in arch:
        if child.tag in ("field", "widget"):
            yield child
        elif child.tag != "header" or arch.tag != "list":
            yield from _get_own_nodes(child)


def _is_always_invisible(node) -> bool:
    return node.get("invisible") in ALWAYS or node.get("column_invisible") in ALWAYS


def _get_widget_fields(model: models.BaseModel, node):
    widget = node.get("name") if node.tag == "widget" else node.get("widget")
    for name in WIDGET_FIELDS.get(widget, ()):
        field = model._fields.get(name)
        if field and model._has_field_access(field, "read"):
            yield field


def _get_hidden(field) -> dict:
    return {"fields": {}} if field.type == "many2one" else {}


def _get_of_widget(field) -> dict:
    if field.type == "many2one":
        return {"fields": {"display_name": {}}}
    return {"fields": {}} if field.type in ("one2many", "many2many") else {}


def _get_shown(model: models.BaseModel, field, node) -> dict:
    """What is wanted of a field that somebody may see."""
    rows = node.find("list")
    if rows is not None:
        return _get_rows(model.env[field.comodel_name], rows, node.find("form"))
    if node.get("widget") in TAG_WIDGETS:
        options = safe_eval(node.get("options", "{}"))
        names = ["display_name", *filter(None, [options.get("color_field")])]
        return {"fields": {name: {} for name in names}}
    return _get_of_widget(field)


def _get_rows(model: models.BaseModel, rows, form) -> dict:
    """One page of an inline list, with the fields of the inline form beside it."""
    fields = _specification(model, rows)
    for name in _specification(model, form) if form is not None else ():
        fields.setdefault(name, _get_hidden(model._fields[name]))
    del fields["display_name"]
    order = rows.get("default_order")
    handle = rows.find("field[@widget='handle']")
    if not order and handle is not None:
        order = f"{handle.get('name')} ASC, id ASC"
    wanted = {"fields": fields, "limit": int(rows.get("limit", ROWS))}
    return {**wanted, "order": order} if order else wanted
