import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineAvailabilityModels} from "./availability_test_helpers";
import {queryAllTexts} from "@odoo/hoot-dom";

describe.current.tags("desktop");
defineAvailabilityModels();

const NAMES = ".o_data_cell[name='name']";

/**
 * Open the second line of the order in its dialog.
 */
async function openLine() {
    onRpc("web_save", ({model}) => expect.step(`save ${model}`));
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId: 1,
        arch: `
            <form>
                <field name="name"/>
                <field name="order_line">
                    <list>
                        <field name="name"/>
                        <field name="product_uom_qty"/>
                    </list>
                    <form>
                        <field name="product_uom_qty"/>
                        <button name="action_merge_sources" type="object"/>
                        <button name="action_split_by_source" type="object"/>
                        <button name="action_of_somebody" type="object"/>
                    </form>
                </field>
            </form>`,
    });
    await contains(".o_data_row:last .o_data_cell").click();
    expect(".modal").toHaveCount(1);
}

async function pressButton(name) {
    await contains(`.modal button[name='${name}']`).click();
    await animationFrame();
    await animationFrame();
}

test("a line that is merged away is gone from the order, and its dialog", async () => {
    onRpc("action_merge_sources", function ({args}) {
        expect.step(`merge ${args[0]}`);
        this.env["sale.order.line"].unlink(args[0]);
        return true;
    });
    await openLine();
    await pressButton("action_merge_sources");
    expect.verifySteps(["merge 12"]);
    expect(".modal").toHaveCount(0);
    expect(queryAllTexts(NAMES)).toEqual(["Desk"]);
});

test("a line that is split is two in the order; what was typed is saved", async () => {
    onRpc("action_split_by_source", function ({args}) {
        const [line] = this.env["sale.order.line"].browse(args[0]);
        expect.step(`split ${line.product_uom_qty}`);
        this.env["sale.order"].write(1, {order_line: [[0, 0, {name: "Part"}]]});
        return true;
    });
    await openLine();
    await contains(".modal [name='product_uom_qty'] input").edit("8");
    await pressButton("action_split_by_source");
    expect.verifySteps(["save sale.order", "split 8"]);
    expect(".modal").toHaveCount(0);
    expect(queryAllTexts(NAMES)).toEqual(["Desk", "Counter", "Part"]);
});

test("buttons of others do what they did", async () => {
    onRpc("action_of_somebody", ({args}) => {
        expect.step(`call ${args[0]}`);
        return true;
    });
    await openLine();
    await pressButton("action_of_somebody");
    expect.verifySteps(["call 12"]);
    expect(".modal").toHaveCount(1);
});
