# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import AssembleToOrderCommon

DOCUMENTS = {
    "stock.move": ("state", "product_uom_qty", "quantity", "move_orig_ids"),
    "stock.move.line": ("quantity", "location_id"),
    "stock.picking": ("state",),
    "stock.quant": ("quantity", "reserved_quantity"),
    "mrp.production": ("state", "product_qty", "qty_producing", "ato_sale_line_id"),
    "mail.activity": ("res_model", "res_id"),
    "sale.order.line": ("qty_to_assemble_to_order", "bin_location_id"),
}


class DocumentsCommon(AssembleToOrderCommon):
    """Two ways to do the same leave the same documents."""

    def _read_documents(self, newest):
        """All that there is of documents: {model: list of values}

        :param newest: {model: id}, beyond which ids are left out: others each time
        """
        self.env.flush_all()
        self.env.invalidate_all()
        documents = {}
        for model, names in DOCUMENTS.items():
            rows = self.env[model].search([]).read(names, load=None)
            for row in rows:
                row["id"] = min(row["id"], newest[model])
                row["move_orig_ids"] = sorted(
                    min(move, newest["stock.move"])
                    for move in row.get("move_orig_ids", ())
                )
            documents[model] = sorted(rows, key=str)
        return documents

    def _get_after(self, action):
        """What there is after `action`, of which no trace is left."""
        newest = {
            model: self.env[model].search([], order="id desc", limit=1).id
            for model in DOCUMENTS
        }
        with self.env.cr.savepoint() as savepoint:
            action()
            after = self._read_documents(newest)
            savepoint.close(rollback=True)
        self.env.invalidate_all()
        return after
