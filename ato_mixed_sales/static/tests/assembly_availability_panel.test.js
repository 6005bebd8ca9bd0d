import {
    clickSave,
    contains,
    makeServerError,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {Deferred, animationFrame, tick} from "@odoo/hoot-mock";
import {describe, expect, test} from "@odoo/hoot";
import {press, queryAllAttributes, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {
    SaleOrder,
    SaleOrderLine,
    defineAvailabilityModels,
    makeMissingFigures,
    makeRow,
    makeShortRow,
} from "./availability_test_helpers";

describe.current.tags("desktop");
defineAvailabilityModels();

const ROW = ".o_assembly_row[data-line-id='11']";
const SHORT_ROW = ".o_assembly_row[data-line-id='12']";
const ANSWER = `${ROW} [data-action='action_assemble_missing']`;
const COVERED = makeRow({
    qty_from_stock: 6,
    qty_to_assemble_to_order: 4,
    missing_qty: 0,
    status: "assemble",
    status_text: "6 in stock + 4 to assemble",
    segments: [
        {key: "free", label: "Free in stock", qty: 6},
        {key: "able", label: "Can be assembled", qty: 4},
    ],
    suggestions: [],
});

/**
 * Open an order whose figures are `answers`, one after the other, the last one for ever.
 *
 * @param {Object[][]} answers
 * @param {Number|Boolean} resId
 * @param {Object} context
 */
async function openOrder(answers, resId = 1, context = {}) {
    const left = [...answers];
    onRpc("get_assembly_availability", ({args}) => {
        expect.step(`figures of ${args[0]}`);
        return left.length > 1 ? left.shift() : left[0];
    });
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId,
        context,
        arch: `
            <form>
                <field name="name"/>
                <field name="order_line">
                    <list editable="bottom">
                        <field name="name"/>
                        <field name="product_uom_qty"/>
                        <field name="qty_to_assemble_to_order"/>
                        <field name="is_assembled" column_invisible="1"/>
                        <field name="assembly_figures" column_invisible="1"/>
                        <field name="assembly_price" column_invisible="1"/>
                        <field name="assembly_cost" column_invisible="1"/>
                    </list>
                </field>
                <widget name="assembly_availability_panel"/>
            </form>`,
    });
    await animationFrame();
}

async function typeQuantity(quantity) {
    await contains(".o_data_row td[name='product_uom_qty']").click();
    await contains(".o_data_row [name='product_uom_qty'] input").edit(quantity);
    await animationFrame();
}

test("orders without assembled lines ask for nothing and show nothing", async () => {
    await openOrder([[]], 2);
    expect(".o_assembly_panel").toHaveCount(0);
    expect.verifySteps([]);
});

test("a new order asks for nothing", async () => {
    await openOrder([[]], false);
    expect(".o_assembly_row").toHaveCount(0);
    expect.verifySteps([]);
});

test("each assembled line has a bar, a status and its answers, in one call", async () => {
    await openOrder([[makeRow(), makeShortRow()]]);
    expect.verifySteps(["figures of 1"]);
    expect(queryAllTexts(".o_assembly_title .fw-bold")).toEqual(["Desk", "Counter"]);
    expect(queryAllTexts(".o_assembly_row .o_assembly_status")).toEqual([
        "4 missing",
        "components short: 2 of 5",
    ]);
    expect(queryAllTexts(`${ROW} .o_assembly_legend`)).toEqual([
        "6 Free in stock",
        "4 Not covered",
    ]);
    expect(queryAllAttributes(`${ROW} .progress-bar`, "style")).toEqual([
        "width: 60%",
        "width: 40%",
    ]);
    expect(`${ROW} .o_assembly_bar`).toHaveAttribute(
        "aria-label",
        "6 Free in stock, 4 Not covered"
    );
    expect(`${ROW} .o_assembly_ready`).toHaveText("assembled by Nov 27");
    expect(ANSWER).toHaveText("Assemble 4");
    expect(ANSWER).toHaveAttribute("aria-label", "Assemble 4: Desk");
});

test("a date after the delivery is said to be late", async () => {
    const promise_text = "late: Dec 3 instead of Nov 22";
    await openOrder([[makeRow({promise_text, is_late: true})]]);
    expect(`${ROW} .o_assembly_ready`).toHaveText(promise_text);
    expect(`${ROW} .o_assembly_ready`).toHaveClass("text-danger");
    expect.verifySteps(["figures of 1"]);
});

test("unfolded by keyboard, the figures and the components, what limits first", async () => {
    await openOrder([[makeRow(), makeShortRow()]]);
    const toggle = `${SHORT_ROW} .o_assembly_toggle`;
    expect(toggle).toHaveAttribute("aria-expanded", "false");
    queryOne(toggle).focus();
    await press("Enter");
    await animationFrame();
    expect(toggle).toHaveAttribute("aria-expanded", "true");
    expect(`${SHORT_ROW} .o_assembly_details`).toHaveAttribute(
        "id",
        queryOne(toggle).getAttribute("aria-controls")
    );
    expect(`${SHORT_ROW} [data-figure='able_to_assemble_qty'] dd`).toHaveText("2");
    expect(`${SHORT_ROW} [data-figure='components_short_qty'] dd`).toHaveText("3");
    expect(`${SHORT_ROW} [data-figure='components_short_qty'] dd`).toHaveClass(
        "text-danger"
    );
    expect(queryAllTexts(".o_assembly_components tbody tr:first td")).toEqual([
        "5 Units",
        "0",
        "2",
        "3",
        "–",
    ]);
    expect(".o_assembly_components tbody tr:first .o_assembly_bottleneck").toHaveText(
        "Enough for 2 only"
    );
    expect(".o_assembly_components tbody tr:first .o_assembly_can_be_made").toHaveText(
        "8 can be made"
    );
    expect(".o_assembly_components tbody tr:last th").toHaveText("Table Leg");
    expect(".o_assembly_bottleneck").toHaveCount(1);
    await press("Enter");
    await animationFrame();
    expect(`${SHORT_ROW} .o_assembly_details`).toHaveCount(0);
    expect.verifySteps(["figures of 1"]);
});

test("the panel follows the line that is edited", async () => {
    await openOrder([[makeRow(), makeShortRow()]]);
    await contains(".o_data_row:last td[name='product_uom_qty']").click();
    await animationFrame();
    expect(SHORT_ROW).toHaveClass("o_assembly_current");
    expect(`${SHORT_ROW} .o_assembly_details`).toHaveCount(1);
    expect(`${ROW} .o_assembly_details`).toHaveCount(0);
    await contains(".o_data_row:first td[name='product_uom_qty']").click();
    await animationFrame();
    expect(ROW).toHaveClass("o_assembly_current");
    expect(SHORT_ROW).not.toHaveClass("o_assembly_current");
    expect.verifySteps(["figures of 1"]);
});

test("one click does it, the panel shows it and offers the way back", async () => {
    onRpc("action_assemble_missing", ({model, args}) => {
        expect.step(`${model} ${args[0]} assembles what is missing`);
        return true;
    });
    onRpc("undo_answer", ({args}) => {
        expect.step(JSON.stringify(args));
        return true;
    });
    await openOrder([[makeRow()], [COVERED], [makeRow()]]);
    await contains(ANSWER).click();
    await animationFrame();
    expect.verifySteps([
        "figures of 1",
        "sale.order.line 11 assembles what is missing",
        "figures of 1",
    ]);
    expect(ANSWER).toHaveCount(0);
    expect(`${ROW} .o_assembly_status`).toHaveText("6 in stock + 4 to assemble");
    expect(`${ROW} .o_assembly_done`).toHaveText(/Done: Assemble 4/);
    expect(".o_assembly_undo").toBeFocused();

    await contains(".o_assembly_undo").click();
    await animationFrame();
    expect.verifySteps([
        JSON.stringify([[11], "qty_to_assemble_to_order", 4, 0]),
        "figures of 1",
    ]);
    expect(ANSWER).toHaveCount(1);
    expect(".o_assembly_done").toHaveCount(0);
});

test("what is refused changes nothing and has no way back", async () => {
    expect.errors(1);
    onRpc("action_assemble_missing", () => {
        throw makeServerError({message: "Nothing is missing"});
    });
    await openOrder([[makeRow()]]);
    await contains(ANSWER).click();
    await animationFrame();
    expect.verifyErrors(["Nothing is missing"]);
    expect(ANSWER).toHaveCount(1);
    expect(".o_assembly_undo").toHaveCount(0);
    expect.verifySteps(["figures of 1"]);
});

test("what was held before is not let go by an undo", async () => {
    onRpc("action_reserve_stock", () => true);
    const suggestions = [{action: "action_reserve_stock", label: "Reserve 2", qty: 2}];
    await openOrder([[makeRow({suggestions, reserved_stock_qty: 4})]]);
    await contains(`${ROW} [data-action='action_reserve_stock']`).click();
    await animationFrame();
    expect(".o_assembly_undo").toHaveCount(0);
    expect.verifySteps(["figures of 1", "figures of 1"]);
});

test("while a quantity is typed figures and answers are new", async () => {
    await openOrder([[makeRow()]]);
    await typeQuantity("14");
    expect(`${ROW} .o_assembly_status`).toHaveText("8 missing");
    expect(queryAllTexts(`${ROW} .o_assembly_legend`)).toEqual([
        "6 Free in stock",
        "8 Not covered",
    ]);
    expect(ANSWER).toHaveText("Assemble 8");
    expect(ANSWER).toBeVisible();
    expect(`${ROW} .o_assembly_answers`).not.toHaveClass("invisible");
    expect(".o_assembly_save").toHaveCount(0);
    expect.verifySteps(["figures of 1"]);
});

test("while a unit is typed figures are said in the new one", async () => {
    SaleOrderLine._onChanges = {
        product_uom_qty(line) {
            const figures = makeMissingFigures(2);
            line.assembly_figures = {...figures, uom: "Pack of 6", uom_id: 2};
        },
    };
    await openOrder([[makeRow()]]);
    await contains(`${ROW} .o_assembly_toggle`).click();
    await typeQuantity("14");
    expect(queryAllTexts(`${ROW} .o_assembly_unit`)).toEqual([
        "(Pack of 6)",
        "(Pack of 6)",
    ]);
    expect.verifySteps(["figures of 1"]);
});

test("a unit that nobody knows has no brackets", async () => {
    await openOrder([[makeRow({uom: false})]]);
    await contains(`${ROW} .o_assembly_toggle`).click();
    expect(`${ROW} .o_assembly_details h4`).toHaveCount(2);
    expect(`${ROW} .o_assembly_unit`).toHaveCount(0);
    expect.verifySteps(["figures of 1"]);
});

test("until the server has answered no figure is shown", async () => {
    const answered = new Deferred();
    onRpc("sale.order.line", "onchange", () => answered);
    await openOrder([[makeRow(), makeShortRow({status: "could_use_stock"})]]);
    await contains(`${ROW} .o_assembly_toggle`).click();
    await typeQuantity("14");
    for (const row of [ROW, SHORT_ROW]) {
        expect(`${row} .o_assembly_unknown`).toHaveText("…");
        expect(`${row} .o_assembly_status`).toHaveCount(0);
        expect(`${row} .progress-bar`).toHaveCount(0);
        expect(`${row} .o_assembly_answers`).toHaveClass("invisible");
    }
    expect(queryAllTexts(`${ROW} [data-figure] dd`).every((t) => t === "…")).toBe(true);
    answered.resolve();
    await tick();
    await animationFrame();
    await animationFrame();
    expect(".o_assembly_unknown").toHaveCount(0);
    expect(`${ROW} .o_assembly_status`).toHaveText("8 missing");
    expect(`${ROW} .o_assembly_answers`).not.toHaveClass("invisible");
    expect.verifySteps(["figures of 1"]);
});

test("what leaves the figures as they are hides nothing", async () => {
    const answered = new Deferred();
    SaleOrderLine._onChanges = {...SaleOrderLine._onChanges, name: () => undefined};
    onRpc("sale.order.line", "onchange", () => answered);
    await openOrder([[makeRow(), makeShortRow()]]);
    await contains(".o_data_row td[name='name']").click();
    await contains(".o_data_row [name='name'] input").edit("Desk, white");
    await animationFrame();
    expect(".o_assembly_unknown").toHaveCount(0);
    answered.resolve();
    await animationFrame();
    expect.verifySteps(["figures of 1"]);
});

test("a line of a new order has its figures; its answer sets them", async () => {
    onRpc("web_save", () => expect.step("save"));
    await openOrder([[]], false, {default_has_assembled_lines: true});
    await contains(".o_field_x2many_list_row_add a").click();
    const input = contains(".o_selected_row [name='product_uom_qty'] input");
    await input.edit("14", {confirm: "blur"});
    await animationFrame();
    const cell = ".o_data_row td[name='qty_to_assemble_to_order']";
    const answer = ".o_assembly_row [data-action='action_assemble_missing']";
    expect(".o_assembly_row").toHaveCount(1);
    expect(".o_assembly_row .o_assembly_status").toHaveText("8 missing");
    expect(answer).toHaveText("Assemble 8");
    await contains(answer).click();
    await animationFrame();
    await contains(".o_field_widget[name='name'] input").click();
    expect(cell).toHaveText("8.00");
    expect(".o_assembly_done").toHaveText(/Done: Assemble 8/);
    await contains(".o_assembly_undo").click();
    await animationFrame();
    expect(cell).toHaveText("0.00");
    expect(".o_assembly_done").toHaveCount(0);
    expect.verifySteps([]);
});

test("what is typed is saved before a suggestion that is still true", async () => {
    onRpc("web_save", () => expect.step("save"));
    onRpc("action_assemble_missing", () => {
        expect.step("assemble");
        return true;
    });
    await openOrder([[makeRow()], [COVERED]]);
    await contains("[name='name'] input").edit("S1 changed");
    await contains(ANSWER).click();
    await animationFrame();
    // The figures are read once, when it is done
    expect.verifySteps(["figures of 1", "save", "assemble", "figures of 1"]);
    expect(".o_assembly_undo").toHaveCount(1);
});

test("a suggestion that is no longer true when saved is not followed", async () => {
    onRpc("web_save", async ({parent}) => {
        expect.step("save");
        const [order] = await parent();
        order.order_line[0].assembly_figures = makeMissingFigures(9);
        return [order];
    });
    onRpc("action_assemble_missing", () => expect.step("assemble"));
    const {suggestions} = makeMissingFigures(9);
    await openOrder([[makeRow()], [makeRow({suggestions})]]);
    await typeQuantity("14");
    await contains(ANSWER).click();
    await animationFrame();
    expect.verifySteps(["figures of 1", "save", "figures of 1"]);
    expect(".o_notification").toHaveText(/choose again/);
    expect(ANSWER).toHaveText("Assemble 9");
});

test("what nobody has to decide is shown on request", async () => {
    const line = SaleOrderLine._records[1];
    SaleOrderLine._records[1] = {...line, assembly_figures: false};
    await openOrder([[makeRow(), {...COVERED, line_id: 12, product: "Counter"}]]);
    expect(queryAllTexts(".o_assembly_title .fw-bold")).toEqual(["Desk"]);
    await contains(".o_data_row:last td[name='product_uom_qty']").click();
    await animationFrame();
    expect(queryAllTexts(".o_assembly_title .fw-bold")).toEqual(["Desk", "Counter"]);
    await contains(".o_data_row:first td[name='product_uom_qty']").click();
    await animationFrame();
    expect(queryAllTexts(".o_assembly_title .fw-bold")).toEqual(["Desk"]);
    await contains(".o_assembly_show_all").click();
    expect(queryAllTexts(".o_assembly_title .fw-bold")).toEqual(["Desk", "Counter"]);
    expect(".o_assembly_settled").toHaveCount(0);
    expect.verifySteps(["figures of 1"]);
});

test("figures that are nothing are left out", async () => {
    await openOrder([[makeRow(), makeShortRow()]]);
    await contains(`${ROW} .o_assembly_toggle`).click();
    expect(queryAllAttributes(`${ROW} [data-figure]`, "data-figure")).toEqual([
        "qty",
        "missing_qty",
        "delivery_date",
        "qty_from_stock",
        "free_stock_qty",
        "expected_stock_qty",
    ]);
    expect.verifySteps(["figures of 1"]);
});

test("all lines are answered at once, with how much that is", async () => {
    onRpc("action_assemble_all_missing", ({model, args}) => {
        expect.step(`${model} ${args[0]} assembles all that is missing`);
        return true;
    });
    const other = makeRow({line_id: 12, product: "Counter", suggestions: []});
    const [suggestion] = makeRow().suggestions;
    const missing = {...other, suggestions: [{...suggestion, qty: 2.5}]};
    await openOrder([
        [makeRow(), missing],
        [COVERED, {...COVERED, line_id: 12}],
    ]);
    expect(".o_assembly_answer_all").toHaveCount(1);
    expect(".o_assembly_answer_all").toHaveText("Assemble all missing (6.5)");
    await contains(".o_assembly_answer_all").click();
    await animationFrame();
    expect.verifySteps([
        "figures of 1",
        "sale.order 1 assembles all that is missing",
        "figures of 1",
    ]);
    expect(".o_assembly_answer_all").toHaveCount(0);
    expect(".o_assembly_row").toHaveCount(0);
    expect(".o_assembly_settled").toHaveText("Nothing needs a decision.");
});

test("units and dozens are not added up", async () => {
    const dozens = makeRow({line_id: 12, product: "Counter", uom: "Dozens"});
    await openOrder([[makeRow(), dozens]]);
    expect(".o_assembly_answer_all").toHaveText(
        "Assemble all missing (4 Units + 4 Dozens)"
    );
    expect.verifySteps(["figures of 1"]);
});

test("lines that are removed but not saved have no row", async () => {
    await openOrder([[makeRow(), makeShortRow()]]);
    await contains(".o_data_row:first .o_list_record_remove").click();
    await animationFrame();
    expect(queryAllTexts(".o_assembly_title .fw-bold")).toEqual(["Counter"]);
    expect.verifySteps(["figures of 1"]);
});

test("a line that cannot be assembled any more has no row, before it is saved", async () => {
    SaleOrderLine._onChanges = {
        product_uom_qty: (line) =>
            Object.assign(line, {assembly_figures: false, is_assembled: false}),
    };
    await openOrder([[makeRow(), makeShortRow()]]);
    await typeQuantity("14");
    expect(queryAllTexts(".o_assembly_title .fw-bold")).toEqual(["Counter"]);
    expect.verifySteps(["figures of 1"]);
});

test("held stock is let go in the panel", async () => {
    onRpc("action_unreserve_stock", ({args}) => {
        expect.step(`let go ${args[0]}`);
        return true;
    });
    await openOrder([[makeRow({reserved_stock_qty: 6})]]);
    await contains(`${ROW} .o_assembly_toggle`).click();
    await contains(".o_assembly_let_go").click();
    await animationFrame();
    expect.verifySteps(["figures of 1", "let go 11", "figures of 1"]);
});

test("what is held for a locked order stays", async () => {
    SaleOrder._records[0].locked = true;
    await openOrder([[makeRow({reserved_stock_qty: 6})]]);
    await contains(`${ROW} .o_assembly_toggle`).click();
    expect(`${ROW} .o_assembly_details`).toHaveCount(1);
    expect(".o_assembly_let_go").toHaveCount(0);
    expect.verifySteps(["figures of 1"]);
});

test("of many lines those that need an answer are shown, all on request", async () => {
    const rows = [...Array(30).keys()].map((index) =>
        makeRow({
            line_id: 101 + index,
            status: ["missing", "assemble", "could_use_stock"][index % 3],
        })
    );
    const lineIds = rows.map((row) => row.line_id);
    SaleOrderLine._records = lineIds.map((id) => ({id, name: "Desk"}));
    SaleOrder._records = [{id: 1, has_assembled_lines: true, order_line: lineIds}];
    await openOrder([rows]);
    expect(".o_assembly_row").toHaveCount(20);
    expect(".o_assembly_show_all").toHaveText("Show all 30 lines");
    await contains(".o_assembly_alert").click();
    expect(".o_assembly_alert:first").toHaveAttribute("aria-pressed", "true");
    expect(".o_assembly_row").toHaveCount(10);
    await contains(".o_assembly_alert").click();
    await contains(".o_assembly_show_all").click();
    expect(".o_assembly_row").toHaveCount(30);
    expect.verifySteps(["figures of 1"]);
});

test("of more than twenty that need an answer the rest is shown on request", async () => {
    const rows = [...Array(30).keys()].map((index) => makeRow({line_id: 101 + index}));
    const lineIds = rows.map((row) => row.line_id);
    SaleOrderLine._records = lineIds.map((id) => ({id, name: "Desk"}));
    SaleOrder._records = [{id: 1, has_assembled_lines: true, order_line: lineIds}];
    await openOrder([rows]);
    expect(".o_assembly_row").toHaveCount(20);
    expect(".o_assembly_answer_all").toHaveText("Assemble all missing (120)");
    await contains(".o_assembly_show_all").click();
    expect(".o_assembly_row").toHaveCount(30);
    expect.verifySteps(["figures of 1"]);
});

test("the save of a line refreshes the figures once", async () => {
    await openOrder([[makeRow()]]);
    await typeQuantity("10.5");
    await clickSave();
    await animationFrame();
    expect.verifySteps(["figures of 1", "figures of 1"]);
});

test("what a line costs is told beside what it is worth, with its answer", async () => {
    onRpc("action_roll_up_cost", ({args}) => {
        expect.step(`cost of ${args[0]}`);
        return true;
    });
    const suggestion = {
        action: "action_roll_up_cost",
        label: "Cost 61.20",
        qty: 61.2,
        to_assemble: false,
    };
    const cost = {
        text: "+ 30.00 components; together 61.20",
        suggestions: [suggestion],
        is_to_decide: false,
    };
    SaleOrderLine._records[0].assembly_cost = cost;
    await openOrder([[makeRow({cost}), makeShortRow()]]);
    expect(`${ROW} .o_assembly_cost`).toHaveText(`Cost: ${cost.text}`);
    expect(`${ROW} .o_assembly_price`).toHaveCount(0);
    expect(`${SHORT_ROW} .o_assembly_cost`).toHaveCount(0);
    await contains(`${ROW} [data-action='action_roll_up_cost']`).click();
    await animationFrame();
    expect.verifySteps(["figures of 1", "cost of 11", "figures of 1"]);
});

test("what a line is worth is told; a typed price is replaced when asked for", async () => {
    onRpc("action_roll_up_price", ({args}) => {
        expect.step(`price of ${args[0]}`);
        return true;
    });
    const offer = {action: "action_roll_up_price", label: "Price 102.80", qty: 102.8};
    const price = {
        text: "+ 42.00 components; together 102.80",
        suggestions: [{...offer, to_assemble: false, confirm: "Replace 95.00?"}],
        is_to_decide: false,
    };
    SaleOrderLine._records[0].assembly_price = price;
    await openOrder([[makeRow({price}), makeShortRow()]]);
    expect(`${ROW} .o_assembly_price`).toHaveText(`Price: ${price.text}`);
    expect(`${SHORT_ROW} .o_assembly_price`).toHaveCount(0);
    const answer = `${ROW} [data-action='action_roll_up_price']`;
    await contains(answer).click();
    expect(".modal-body").toHaveText("Replace 95.00?");
    await contains(".modal .btn-secondary").click();
    await animationFrame();
    expect.verifySteps(["figures of 1"]);
    await contains(answer).click();
    await contains(".modal .btn-primary:contains(Price 102.80)").click();
    await animationFrame();
    expect.verifySteps(["price of 11", "figures of 1"]);
});
