# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast
import re
from collections import defaultdict
from pathlib import Path
from statistics import median

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
MOST_LINES = 400
# an elevation; to lower somebody again is none
ELEVATION = re.compile(r"\.sudo\(\)|\.with_user\(SUPERUSER_ID\)")
REASON_WITHIN = 12
CONTEXT_KEYS = {"ato_asked", "ato_by_customer", "ato_losing_moves", "ato_step"}
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


def read_sources():
    """(file, text) of all that runs in the add-on, dialogs and reports included."""
    for folder in ("models", "wizards", "report"):
        for path in sorted((ADDON / folder).rglob("*.py")):
            yield path, path.read_text()


def count_code(method):
    """Lines of a method without its docstring, which says shapes, units, errors."""
    lines = method.end_lineno - method.lineno + 1
    if ast.get_docstring(method):
        lines -= method.body[0].end_lineno - method.body[0].lineno + 1
    return lines


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

    def test_small_files(self):
        for path in (ADDON / "models").rglob("*.py"):
            lines = len(path.read_text().splitlines())
            self.assertLessEqual(lines, MOST_LINES, path.name)

    def test_small_methods(self):
        """Methods that fit on a screen; half of them do what they do in 8 lines."""
        methods = [method for _path, _model, method in read_methods()]
        lengths = sorted(m.end_lineno - m.lineno + 1 for m in methods)
        self.assertLessEqual(lengths[int(len(lengths) * 0.9)], 20)
        self.assertLessEqual(lengths[-1], 40)
        self.assertLessEqual(median(count_code(method) for method in methods), 8)

    def test_all_tests_are_run(self):
        """Odoo runs the tests that the package imports: pytest finds them by itself."""
        lines = (ADDON / "tests" / "__init__.py").read_text().splitlines()
        imported = {line.removeprefix("from . import ") for line in lines}
        files = (ADDON / "tests").glob("test_*.py")
        self.assertFalse({path.stem for path in files} - imported)

    def test_few_borders(self):
        """Elevation is at few places, and each of them says why."""
        lines, borders = 0, []
        for path, text in read_sources():
            lines += len(text.splitlines())
            borders += [(path.name, hit.start()) for hit in ELEVATION.finditer(text)]
            for hit in ELEVATION.finditer(text):
                before = text[: hit.start()].splitlines()[-REASON_WITHIN:]
                self.assertIn("sudo: ", "\n".join(before), f"{path.name}: why?")
        self.assertGreater(len(borders), 5, "elevations are not found any more")
        self.assertLessEqual(len(borders) * 1000, lines * 6)

    def test_few_context_keys(self):
        """What is told by context is little, and all of it is explained."""
        keys = {
            keyword.arg
            for path, text in read_sources()
            for call in ast.walk(ast.parse(text))
            if isinstance(call, ast.Call)
            for keyword in call.keywords
            if (keyword.arg or "").startswith("ato_")
            and getattr(call.func, "id", getattr(call.func, "attr", ""))
            in ("tell", "with_context")
        }
        self.assertEqual(keys, CONTEXT_KEYS)
        self.assertLessEqual(len(keys), 4)
