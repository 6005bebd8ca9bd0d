import {
    SaleOrder,
    SaleOrderLine,
    defineAvailabilityModels,
} from "./availability_test_helpers";
import {contains, fields, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";

class NoOrder extends SaleOrder {
    _records = [];
}

class AvailableLine extends SaleOrderLine {
    state = fields.Char();
    product_id = fields.Many2one({relation: "sale.order"});
    product_uom_id = fields.Many2one({relation: "sale.order"});
    warehouse_id = fields.Many2one({relation: "sale.order"});
    move_ids = fields.One2many({relation: "sale.order"});
    display_qty_widget = fields.Boolean();
    is_mto = fields.Boolean();
    free_qty_today = fields.Float();
    qty_available_today = fields.Float();
    qty_to_deliver = fields.Float();
    virtual_available_at_date = fields.Float();
    forecast_expected_date = fields.Datetime();
    scheduled_date = fields.Datetime();
    qty_from_stock = fields.Float();
    qty_to_assemble_to_order = fields.Float();
    qty_assembled = fields.Float();

    _records = [
        {
            id: 11,
            name: "Desk",
            state: "sale",
            display_qty_widget: true,
            product_uom_qty: 10,
            qty_to_deliver: 10,
            // Odoo counts units that are held on their way through the store twice
            qty_available_today: 12,
            scheduled_date: "2026-11-22 12:00:00",
            qty_from_stock: 6,
            qty_to_assemble_to_order: 4,
            assembly_figures: {
                reserved_stock_qty: 6,
                able_to_assemble_qty: 4,
                components_short_qty: 0,
                missing_qty: 0,
                deductible_qty: 0,
                delivery_date: "2026-11-22",
                availability_date: "2026-12-03",
                is_late: true,
                status: "assemble",
                status_text: "6 in stock + 4 to assemble, ready Dec 3",
            },
        },
        {
            id: 12,
            name: "Lamp",
            state: "sale",
            display_qty_widget: true,
            product_uom_qty: 3,
            qty_to_deliver: 3,
            qty_available_today: 1,
            scheduled_date: "2026-11-22 12:00:00",
        },
    ];
}

describe.current.tags("desktop");
defineAvailabilityModels(NoOrder, AvailableLine);

const DESK = ".o_data_row:first .o_widget_qty_at_date_widget a";
const LAMP = ".o_data_row:last .o_widget_qty_at_date_widget a";

async function openLines() {
    onRpc("uom.uom", "read", () => []);
    await mountView({
        type: "list",
        resModel: "sale.order.line",
        arch: `
            <list>
                <field name="name"/>
                <field name="state"/>
                <field name="product_id"/>
                <field name="product_uom_id"/>
                <field name="product_uom_qty"/>
                <widget name="qty_at_date_widget"/>
            </list>`,
    });
}

test("Odoo's icon has the colour and the words of the line's status", async () => {
    await openLines();
    expect(DESK).toHaveClass("text-success");
    expect(DESK).not.toHaveClass("text-danger");
    expect(DESK).toHaveAttribute(
        "aria-label",
        "6 in stock + 4 to assemble, ready Dec 3"
    );
    expect(LAMP).toHaveClass("text-danger");
    expect(LAMP).not.toHaveAttribute("aria-label");
});

test("its popover has the figures of both parts, once", async () => {
    await openLines();
    await contains(DESK).click();
    expect(".o_popover .o_assembly_status").toHaveText(
        "6 in stock + 4 to assemble, ready Dec 3"
    );
    expect(queryAllTexts(".o_assembly_popover th")).toEqual([
        "From Stock",
        "Reserved from Stock",
        "To Assemble",
        "Able to Assemble",
        "Delivery Date",
        "Available On",
    ]);
    expect(queryAllTexts(".o_assembly_popover td").slice(0, 4)).toEqual([
        "6",
        "6",
        "4",
        "4",
    ]);
    expect(".o_assembly_popover tr:last td").toHaveText(/late/);
    expect(".o_popover").not.toHaveText(/12/);
});

test("the popover of other products is Odoo's", async () => {
    await openLines();
    await contains(LAMP).click();
    expect(".o_popover table").toHaveCount(1);
    expect(".o_popover table").toHaveText(/Reserved/);
    expect(".o_assembly_popover").toHaveCount(0);
    expect(".o_popover .o_assembly_status").toHaveCount(0);
});
