# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast
from collections import defaultdict
from pathlib import Path
from statistics import median

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
MOST_LINES = 400
LIFECYCLE = {"create", "write", "unlink", "_action_launch_stock_rule"}


def read_classes():
    """(file, model that the class extends or makes, class) of all our models."""
    for folder in ("models", "wizards", "report"):
        for path in sorted((ADDON / folder).rglob("*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef) and (model := _model(node)):
                    yield path, model, node


def _model(node):
    names = {
        target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    }
    value = names.get("_name") or names.get("_inherit")
    if isinstance(value, ast.List):
        value = value.elts[0]
    return value.value if isinstance(value, ast.Constant) else None


def read_methods():
    """(file, model, method) of all our models."""
    for path, model, node in read_classes():
        for method in node.body:
            if isinstance(method, ast.FunctionDef):
                yield path, model, method


@tagged("post_install", "-at_install")
class TestHouse(BaseCase):
    """How the add-on is built, read from its source: no database."""

    def test_no_hidden_order(self):
        """No file overrides a method, or a field, of another file of ours."""
        files = defaultdict(set)
        for path, model, method in read_methods():
            files[model, method.name].add(path.name)
        for path, model, node in read_classes():
            for statement in node.body:
                if isinstance(statement, ast.Assign):
                    name = statement.targets[0].id
                    if not name.startswith("_"):
                        files[model, name].add(path.name)
        twice = {key: names for key, names in files.items() if len(names) > 1}
        self.assertFalse(twice)

    def test_one_lifecycle(self):
        """What a model does when records come, change and go is in one file."""
        files = defaultdict(set)
        for path, model, method in read_methods():
            if method.name in LIFECYCLE:
                files[model].add(path.relative_to(ADDON).as_posix())
        folder = "models/sale_order_line"
        self.assertEqual(files["sale.order.line"], {f"{folder}/lifecycle.py"})
        self.assertFalse({m: names for m, names in files.items() if len(names) > 1})

    def test_small_files_and_methods(self):
        """Files of up to 400 lines; methods that fit on a screen."""
        for path in (ADDON / "models").rglob("*.py"):
            lines = len(path.read_text().splitlines())
            self.assertLessEqual(lines, MOST_LINES, path.name)
        lengths = sorted(
            method.end_lineno - method.lineno + 1 for _p, _m, method in read_methods()
        )
        self.assertLessEqual(median(lengths), 10)
        self.assertLessEqual(lengths[int(len(lengths) * 0.9)], 22)
        self.assertLessEqual(lengths[-1], 60)
