# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
from base64 import b64decode

from lxml import html
from PIL import Image

from odoo.tests import HttpCase, tagged

from odoo.addons.base.models.ir_actions_report import PdfFileReader

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestPrints(AssembleToOrderCommon, HttpCase):
    """What a user prints and sends, fetched as the web client fetches it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.name = "Walnut"
        cls._set_stock(cls.desk, 6)
        cls.quotation = cls._create_order((cls.desk, 10, 4))
        cls.order = cls._create_order((cls.desk, 10, 4))
        cls.order.action_confirm()
        cls.picking = cls.order.picking_ids
        cls.production = cls.order.order_line.assembly_order_ids
        cls.documents = (
            ("sale.report_saleorder", cls.quotation),
            ("sale.report_saleorder", cls.order),
            ("stock.report_deliveryslip", cls.picking),
            ("stock.report_picking", cls.picking),
            ("mrp.report_mrporder", cls.production),
        )

    def setUp(self):
        super().setUp()
        self.authenticate("admin", "admin")

    def _fetch_html(self, report, record):
        response = self.url_open(f"/report/html/{report}/{record.id}")
        self.assertEqual(response.status_code, 200, response.text[-500:])
        return response.text

    def _print_pdf(self, report, records):
        """The size of what is drawn on each page.

        It is no text everywhere: without a patched Qt, letters are drawn as lines.
        The program fetches styles and fonts from us.
        """
        # without it Odoo's tests get HTML in place of PDF
        printer = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = printer._render_qweb_pdf(report, records.ids)
        self.assertEqual(kind, "pdf")
        return self._read(content)

    def _require_program(self):
        """`make test` sees to it that it is there."""
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        if state == "install":
            self.skipTest("there is no wkhtmltopdf here to print PDF with")
        self.assertEqual(state, "ok")

    def _read(self, content):
        self.assertTrue(content.startswith(b"%PDF-"))
        pages = PdfFileReader(io.BytesIO(content)).pages
        return [len(page.get_contents().get_data()) for page in pages]

    def test_html(self):
        for report, record in self.documents:
            with self.subTest(report=report, state=record.state):
                text = html.fromstring(self._fetch_html(report, record)).text_content()
                self.assertIn("Walnut", text)
                self.assertIn(record.name, text)

    def test_pdf(self):
        """A page each, and not an empty one."""
        self._require_program()
        for report, record in self.documents:
            with self.subTest(report=report, state=record.state):
                (drawn,) = self._print_pdf(report, record)
                self.assertGreater(drawn, 5000, "more than an empty page")

    def test_pdf_of_two(self):
        """Two at once, a page each."""
        self._require_program()
        both = self.quotation | self.order
        drawn = self._print_pdf("sale.report_saleorder", both)
        self.assertEqual(len(drawn), 2)
        self.assertGreater(min(drawn), 5000)

    def test_barcodes(self):
        """Prints of the warehouse and of the floor have them: pictures, not errors."""
        for name in (self.picking.name, self.production.name):
            response = self.url_open(f"/report/barcode/Code128/{name}")
            self.assertEqual(response.status_code, 200)
            picture = Image.open(io.BytesIO(response.content)).convert("L")
            self.assertEqual(picture.getextrema(), (0, 255), "black on white")
        printed = self._fetch_html("stock.report_picking", self.picking)
        pictures = html.fromstring(printed).xpath("//img[contains(@src, 'base64')]")
        self.assertTrue(pictures)
        for picture in pictures:
            Image.open(io.BytesIO(b64decode(picture.get("src").partition(",")[2])))

    def test_send(self):
        """The quotation goes out by mail, with itself attached."""
        self._require_program()
        self.customer.email = "azure@example.com"
        action = self.quotation.action_quotation_send()
        composer = self.env["mail.compose.message"].with_context(
            **action["context"], force_report_rendering=True
        )
        composer.create({}).action_send_mail()
        self.assertEqual(self.quotation.state, "sent")
        attachment = self.quotation.message_ids.attachment_ids
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertEqual(len(self._read(attachment.raw)), 1)
        notification = self.quotation.message_ids.notification_ids
        self.assertEqual(notification.res_partner_id, self.customer)
