import {
    SaleOrder,
    SaleOrderLine,
    defineAvailabilityModels,
} from "./availability_test_helpers";
import {Deferred, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    fields,
    mountView,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {AssemblyChip} from "@ato_mixed_sales/assembly_status/assembly_chip";
import {AssemblyStatus} from "@ato_mixed_sales/assembly_status/assembly_status";

class DeskOrder extends SaleOrder {
    _records = [{id: 1, name: "S1", order_line: [11]}];
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
                status: "late",
                status_parts: [4],
                status_text: "6 in stock + 4 to assemble",
                promise_text: "late: Dec 3 instead of Nov 22",
                suggestions: [
                    {
                        action: "action_take_from_stock",
                        label: "Take 3 from stock",
                        qty: 3,
                    },
                ],
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
defineAvailabilityModels(DeskOrder, AvailableLine);

const DESK = ".o_data_row:first .o_assembly_chip_button";
const CHIP = `${DESK} .o_assembly_chip`;
const LAMP = ".o_data_row:last .o_widget_qty_at_date_widget a";
const TO_ASSEMBLE = ".o_data_cell[name='qty_to_assemble_to_order']";
const SENTENCE = "6 in stock + 4 to assemble; late: Dec 3 instead of Nov 22";

async function openLines(attributes = "") {
    onRpc("uom.uom", "read", () => []);
    await mountView({
        type: "list",
        resModel: "sale.order.line",
        arch: `
            <list editable="bottom">
                <field name="name"/>
                <field name="state"/>
                <field name="product_id"/>
                <field name="product_uom_id"/>
                <field name="product_uom_qty"/>
                <widget name="qty_at_date_widget" ${attributes}/>
            </list>`,
    });
}

test("a chip says it in few words and one colour; other lines have Odoo's icon", async () => {
    await openLines();
    expect(CHIP).toHaveText("4 late");
    expect(CHIP).toHaveClass("text-warning");
    expect(DESK).toHaveAttribute("aria-label", `${SENTENCE}; 4 late`);
    expect(".o_data_row:first .fa-area-chart").toHaveCount(0);
    expect(LAMP).toHaveClass(["fa-area-chart", "text-danger"]);
    expect(".o_assembly_chip").toHaveCount(1);
});

test("each status has its own words, and a look", async () => {
    const statuses = {
        covered: [[6, 0], "6", "text-success"],
        assemble: [[0, 10], "0 + 10", "text-success"],
        could_use_stock: [[3], "3 free", "text-info"],
        mixed: [[2], "2 sources", "text-warning"],
        late: [[2.5], "2.5 late", "text-warning"],
        components_short: [[3], "3 short", "text-warning"],
        missing: [[1200], "1,200 missing", "text-danger"],
    };
    for (const [status, [parts, words, color]] of Object.entries(statuses)) {
        const figures = {status, status_parts: parts};
        await mountWithCleanup(AssemblyChip, {props: {figures, digits: [16, 2]}});
        const chip = `.o_assembly_chip[data-status='${status}']`;
        expect(chip).toHaveText(words);
        expect(chip).toHaveClass(color);
        await mountWithCleanup(AssemblyStatus, {props: {status, text: "All of it"}});
        expect(`.o_assembly_status.${color}:last`).toHaveText("All of it");
    }
});

test("where words have no room their icon and the whole figure stay", async () => {
    await openLines('width="20px"');
    await animationFrame();
    expect(CHIP).toHaveText("4");
    expect(CHIP).toHaveClass("text-warning");
    expect(`${CHIP} .fa-clock-o`).toHaveCount(1);
});

test("while the server is asked the chip does not know", async () => {
    const answer = new Deferred();
    onRpc("sale.order.line", "onchange", () => answer);
    await openLines();
    await contains(".o_data_row:first [name='product_uom_qty']").click();
    await contains(".o_selected_row [name='product_uom_qty'] input").edit("11", {
        confirm: "tab",
    });
    await animationFrame();
    expect(CHIP).toHaveText("…");
    expect(CHIP).not.toHaveClass("text-warning");
    expect(DESK).toHaveAttribute("aria-label", "Not known yet");
    await contains(DESK).click();
    expect(".o_popover .o_assembly_sentence").toHaveText("…");
    expect(".o_popover .o_assembly_answer").toHaveCount(0);
    answer.resolve({value: {}});
    await contains(".o_popover .o_assembly_answer:text(Take 3 from stock)").focus();
    expect(CHIP).toHaveText("4 late");
});

test("its popover has the sentence and the figures of both parts, once", async () => {
    await openLines();
    await contains(DESK).click();
    expect(".o_popover .o_assembly_status").toHaveText(SENTENCE);
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

test("its popover says who has changed components, and how", async () => {
    const [desk] = AvailableLine._records;
    const changes = ["Anna, Nov 25: 2 Wheel -> 3 Wheel", "Paul, Nov 26: 1 Bell added"];
    patchWithCleanup(desk, {
        assembly_figures: {...desk.assembly_figures, component_changes: changes},
    });
    await openLines();
    await contains(DESK).click();
    expect(".o_popover .o_assembly_changes").toHaveText(
        ["Components changed:", ...changes].join("\n")
    );
});

test("the first answer has the focus, and Enter takes it", async () => {
    onRpc("sale.order.line", "action_take_from_stock", ({args}) => {
        expect.step(`take ${args[0]}`);
        return true;
    });
    await openLines();
    await contains(DESK).click();
    expect(".o_popover .o_assembly_answer").toBeFocused();
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["take 11"]);
    expect(".o_popover").toHaveCount(0);
});

test("the popover of other products is Odoo's", async () => {
    await openLines();
    await contains(LAMP).click();
    expect(".o_popover table").toHaveCount(1);
    expect(".o_popover table").toHaveText(/Reserved/);
    expect(".o_assembly_popover").toHaveCount(0);
    expect(".o_popover .o_assembly_status").toHaveCount(0);
});

/**
 * Type 7 to assemble in the dialog of a line, and open it again: nothing is saved.
 */
async function typeInDialog() {
    const assembled = `<field name="qty_to_assemble_to_order"/>`;
    const others = ["state", "product_id", "product_uom_id", "product_uom_qty"];
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId: 1,
        arch: `
            <form>
                <field name="order_line">
                    <list><field name="name"/>${assembled}</list>
                    <form>
                        ${others.map((name) => `<field name="${name}"/>`).join("")}
                        ${assembled}
                        <widget name="qty_at_date_widget"/>
                    </form>
                </field>
            </form>`,
    });
    await contains(TO_ASSEMBLE).click();
    await contains(".modal [name='qty_to_assemble_to_order'] input").edit("7");
    await contains(".modal .o_form_button_save").click();
    expect(TO_ASSEMBLE).toHaveText("7.00");
    await contains(TO_ASSEMBLE).click();
}

async function answerInDialog() {
    await contains(".modal .o_assembly_chip_button").click();
    await contains(".o_popover .o_assembly_answer").click();
    await animationFrame();
}

test("an answer in the dialog of a line is seen in its order", async () => {
    onRpc("sale.order.line", "action_take_from_stock", function ({args}) {
        const [line] = this.env["sale.order.line"].browse(args[0]);
        expect.step(`take 3 of ${line.qty_to_assemble_to_order}`);
        return this.env["sale.order.line"].write(args[0], {
            qty_to_assemble_to_order: line.qty_to_assemble_to_order - 3,
        });
    });
    await typeInDialog();
    await answerInDialog();
    expect.verifySteps(["take 3 of 7"]);
    expect(".modal").toHaveCount(0);
    expect(TO_ASSEMBLE).toHaveText("4.00");
});

test("an answer that is no longer true closes the dialog of what was saved", async () => {
    onRpc("web_save", async ({parent}) => {
        const [order] = await parent();
        order.order_line[0].assembly_figures = {status: "late", status_parts: [7]};
        return [order];
    });
    await typeInDialog();
    await answerInDialog();
    expect(".o_notification").toHaveText(/choose again/);
    expect(".modal").toHaveCount(0);
    expect(TO_ASSEMBLE).toHaveText("7.00");
});
