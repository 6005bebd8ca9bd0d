# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fields as other add-ons have them, for the tests of one class only."""

from odoo.orm.model_classes import add_to_registry
from odoo.tools.sql import create_column


def extend(cls, definition):
    """Have the model that `definition` inherits be as if an add-on had extended it.

    Its columns go with the transaction of the test class.

    :param definition: a model class whose `_module` is None
    """
    registry, name = cls.env.registry, definition._name
    model_class = registry[name]
    bases, known = model_class._base_classes__, set(model_class._fields)

    def forget():
        model_class._base_classes__ = bases
        setup()

    def setup():
        registry._setup_models__(cls.env.cr, [name])
        registry.registry_invalidated = False  # nobody else is to load it anew

    add_to_registry(registry, definition)
    cls.addClassCleanup(forget)
    setup()
    for field_name in set(cls.env[name]._fields) - known:
        field = cls.env[name]._fields[field_name]
        if field.store and field.column_type:
            create_column(
                cls.env.cr, model_class._table, field_name, field._column_type[1]
            )
