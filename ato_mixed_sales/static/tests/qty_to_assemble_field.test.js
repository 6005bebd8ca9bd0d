import {
    SaleOrder,
    SaleOrderLine,
    defineAvailabilityModels,
} from "./availability_test_helpers";
import {contains, fields, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {edit, press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {Deferred, animationFrame, runAllTimers} from "@odoo/hoot-mock";

const DESK = 1;
const LAMP = 2;

class Product extends SaleOrder {
    _records = [
        {id: DESK, name: "Desk"},
        {id: LAMP, name: "Lamp"},
    ];
}

class EnteredLine extends SaleOrderLine {
    product_id = fields.Many2one({relation: "sale.order"});
    is_assembled = fields.Boolean();
    awaits_product = fields.Boolean({default: true});
    assembly_basis = fields.Json();
    qty_to_assemble_to_order = fields.Float({digits: [16, 2]});
    price_unit = fields.Float({digits: [16, 2]});

    _records = [
        {
            id: 11,
            product_id: DESK,
            product_uom_qty: 10,
            is_assembled: true,
            awaits_product: false,
            qty_to_assemble_to_order: 4,
        },
        {id: 12, product_id: LAMP, product_uom_qty: 3, awaits_product: false},
    ];

    _onChanges = {
        // The server proposes all of a desk, and nothing of a lamp
        product_id(line) {
            line.awaits_product = !line.product_id;
            line.is_assembled = line.product_id === DESK;
            line.qty_to_assemble_to_order = line.is_assembled ? 10 : 0;
        },
        qty_to_assemble_to_order(line) {
            if (!line.is_assembled) {
                line.qty_to_assemble_to_order = 0;
            }
        },
    };
}

describe.current.tags("desktop");
defineAvailabilityModels(Product, EnteredLine);

const CELL = ".o_data_cell[name='qty_to_assemble_to_order']";
const INPUT = `.o_selected_row ${CELL} input`;
const PRICE = ".o_selected_row [name='price_unit'] input";

async function openLines() {
    await mountView({
        type: "list",
        resModel: "sale.order.line",
        arch: `
            <list editable="bottom">
                <field name="product_id"/>
                <field name="product_uom_qty"/>
                <field name="qty_to_assemble_to_order" widget="qty_to_assemble"/>
                <field name="price_unit"/>
            </list>`,
    });
}

/**
 * Choose a product on a new line, and go on to the cell before the server answers.
 *
 * @param {String} product
 * @returns {Function} lets the server answer
 */
async function enterAhead(product) {
    const answer = new Deferred();
    await openLines();
    await contains(".o_list_button_add").click();
    onRpc("onchange", async ({args}) => {
        if (args[2].includes("product_id")) {
            await answer;
        }
    });
    await contains(".o_selected_row [name='product_id'] input").edit(product, {
        confirm: false,
    });
    await runAllTimers();
    await contains(`.o-autocomplete--dropdown-item:contains(${product})`).click();
    await contains(".o_selected_row [name='product_uom_qty'] input").click();
    await press("Tab");
    await animationFrame();
    expect(INPUT).toBeFocused();
    return async () => {
        answer.resolve();
        await animationFrame();
        await animationFrame();
    };
}

test("the cell is empty where nothing is assembled", async () => {
    await openLines();
    expect(`.o_data_row:first ${CELL}`).toHaveText("4.00");
    expect(`.o_data_row:last ${CELL}`).toHaveText("");
});

test("Tab goes to the cell of every line, and on to the price", async () => {
    await openLines();
    for (const [position, value] of [
        ["first", "4.00"],
        ["last", ""],
    ]) {
        await contains(
            `.o_data_row:${position} .o_data_cell[name='product_uom_qty']`
        ).click();
        await press("Tab");
        await animationFrame();
        expect(INPUT).toBeFocused();
        expect(INPUT).toHaveValue(value);
        await press("Tab");
        expect(PRICE).toBeFocused();
    }
});

test("what cannot be assembled cannot be typed", async () => {
    await openLines();
    await contains(`.o_data_row:last ${CELL}`).click();
    await animationFrame();
    expect(INPUT).toHaveProperty("readOnly", true);
    await contains(`.o_data_row:first ${CELL}`).click();
    await animationFrame();
    expect(INPUT).toHaveProperty("readOnly", false);
});

test("a figure typed before the answer stays", async () => {
    const answer = await enterAhead("Desk");
    await edit("4");
    await answer();
    expect(INPUT).toBeFocused();
    expect(INPUT).toHaveValue("4");
    await press("Tab");
    await animationFrame();
    expect(INPUT).toHaveValue("4.00");
});

test("a figure typed and left before the answer stays", async () => {
    const answer = await enterAhead("Desk");
    await edit("4");
    await press("Tab");
    await answer();
    expect(INPUT).toHaveValue("4.00");
    expect(PRICE).toBeFocused();
});

test("a zero typed before the answer stays", async () => {
    const answer = await enterAhead("Desk");
    await edit("0");
    await press("Tab");
    await answer();
    expect(INPUT).toHaveValue("0.00");
});

test("a figure that is left stays while the server is asked about it", async () => {
    const answer = new Deferred();
    const limits = {lower: 0, upper: 10, lower_text: "", upper_text: "at most 10"};
    EnteredLine._records[0].assembly_figures = {limits};
    await openLines();
    onRpc("onchange", () => answer);
    await contains(`.o_data_row:first ${CELL}`).click();
    await animationFrame();
    await edit("7");
    await press("Tab");
    await animationFrame();
    expect(PRICE).toBeFocused();
    expect(INPUT).toHaveValue("7.00");
    answer.resolve();
    await animationFrame();
    await animationFrame();
    expect(INPUT).toHaveValue("7.00");
});

test("an answer replaces the figure that was left", async () => {
    const answer = new Deferred();
    EnteredLine._onChanges = {
        qty_to_assemble_to_order(line) {
            line.qty_to_assemble_to_order = 5;
        },
    };
    await openLines();
    onRpc("onchange", () => answer);
    await contains(`.o_data_row:first ${CELL}`).click();
    await animationFrame();
    await edit("7");
    await press("Tab");
    await contains(INPUT).click();
    answer.resolve();
    await animationFrame();
    await animationFrame();
    expect(INPUT).toHaveValue("5.00");
});

test("nothing typed leaves the proposal", async () => {
    const answer = await enterAhead("Desk");
    await press("Tab");
    await answer();
    expect(INPUT).toHaveValue("10.00");
});

test("an answer that comes first is selected: the next key replaces it", async () => {
    const answer = await enterAhead("Desk");
    await answer();
    expect(INPUT).toBeFocused();
    expect(INPUT).toHaveValue("10.00");
    const {selectionStart, selectionEnd} = queryOne(INPUT);
    expect([selectionStart, selectionEnd]).toEqual([0, 5]);
});

test("a figure for what cannot be assembled goes nowhere", async () => {
    const answer = await enterAhead("Lamp");
    await edit("4");
    await answer();
    expect(INPUT).toBeFocused();
    expect(INPUT).toHaveValue("");
    expect(INPUT).toHaveProperty("readOnly", true);
    await press("Tab");
    await animationFrame();
    expect(PRICE).toBeFocused();
    expect(PRICE).toHaveValue("0.00");
});

test("a figure that was left goes nowhere either", async () => {
    const answer = await enterAhead("Lamp");
    await edit("4");
    await press("Tab");
    await answer();
    expect(INPUT).toHaveValue("");
    expect(PRICE).toHaveValue("0.00");
});

test("what is too much or too little is told while it is typed", async () => {
    const limits = {
        lower: 2,
        upper: 7,
        lower_text: "at least 2: already assembled, or 0 to stop",
        upper_text: "at most 7: 3 delivered from stock",
    };
    EnteredLine._records[0].assembly_figures = {limits};
    await openLines();
    await contains(".o_data_row:first [name='qty_to_assemble_to_order']").click();
    await runAllTimers();
    for (const [typed, text] of [
        ["9", limits.upper_text],
        ["7", ""],
        ["1", limits.lower_text],
        ["0", ""],
        ["many", ""],
        ["7.5", limits.upper_text],
    ]) {
        await edit(typed, {confirm: false});
        await animationFrame();
        await animationFrame();
        expect(queryAllTexts(".o_assembly_limit_text")).toEqual(text ? [text] : []);
        if (text) {
            expect(INPUT).toHaveClass("text-danger");
            expect(INPUT).toHaveAttribute("aria-invalid", "true");
        } else {
            expect(INPUT).not.toHaveClass("text-danger");
        }
        expect(INPUT).toBeFocused();
    }
    await press("Tab");
    await animationFrame();
    await animationFrame();
    expect(".o_assembly_limit_text").toHaveCount(0);
    expect(`.o_data_row:first ${CELL} input`).toHaveClass("text-danger");
});
