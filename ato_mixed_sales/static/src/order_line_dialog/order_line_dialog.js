import {X2ManyFieldDialog} from "@web/views/fields/relational_utils";
import {patch} from "@web/core/utils/patch";
import {useSubEnv} from "@odoo/owl";

// What changes more than its line: other lines, figures that all lines share, the total.
// All answers do; they save the order, which has another record for the line from then on
const ACTIONS_OF_ORDERS = [
    "action_assemble_missing",
    "action_mend_bin",
    "action_merge_sources",
    "action_open_assembly_components",
    "action_open_reservation",
    "action_reserve_stock",
    "action_roll_up_cost",
    "action_roll_up_price",
    "action_split_at_both_prices",
    "action_split_by_source",
    "action_take_from_stock",
    "action_take_list_price",
    "action_take_product_cost",
    "action_unreserve_stock",
];

/**
 * Buttons in the dialog of an order line, as in the list: the order is saved before, and
 * reads all of its lines after. Odoo would read the line of the dialog alone, which may
 * be gone.
 */
patch(X2ManyFieldDialog.prototype, {
    setup() {
        super.setup();
        if (this.record.resModel === "sale.order.line") {
            useSubEnv({closeLine: () => this.props.close()});
        }
    },

    async beforeExecuteActionButton(clickParams) {
        const {resModel} = this.record;
        const {name} = clickParams;
        if (resModel !== "sale.order.line" || !ACTIONS_OF_ORDERS.includes(name)) {
            return super.beforeExecuteActionButton(...arguments);
        }
        await this.executeForOrder(clickParams);
        return false;
    },

    async executeForOrder(clickParams) {
        const {resModel, resId, context, model} = this.record;
        const {root} = model;
        if ((await this.save({saveAndNew: false})) && (await root.save())) {
            await this.actionService.doActionButton({
                ...clickParams,
                resModel,
                resId,
                resIds: [resId],
                context,
                onClose: () => root.load(),
            });
        }
    },
});
