import {reactive, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {rpcBus} from "@web/core/network/rpc";
import {useService} from "@web/core/utils/hooks";

// What a line asks for is the same whatever these are
const HARMLESS = [
    "analytic_distribution",
    "discount",
    "name",
    "price_unit",
    "purchase_price",
    "tax_ids",
    "technical_price_unit",
];

/**
 * Whether the figures of an order's lines are true: what was typed is answered.
 *
 * Lines share stock and components, so that while the server is asked about one of them
 * the figures of all of them are unknown. `isAnswering` while something that was
 * suggested is carried out: the figures are read once, at its end.
 */
export const assemblyFiguresService = {
    start() {
        const state = reactive({areAwaited: false, isAnswering: false});
        const open = new Set();
        let isHarmless = false;

        function isAskedFor({model, method, args}) {
            if (method !== "onchange" || !args?.[2]?.length) {
                return false;
            }
            if (model === "sale.order.line") {
                isHarmless = args[2].every((name) => HARMLESS.includes(name));
                return !isHarmless;
            }
            // The order is asked once its line has got the answer
            return model === "sale.order" && !isHarmless;
        }

        rpcBus.addEventListener("RPC:REQUEST", ({detail: {data}}) => {
            if (isAskedFor(data.params || {})) {
                open.add(data.id);
                state.areAwaited = true;
            }
        });
        rpcBus.addEventListener("RPC:RESPONSE", ({detail: {data}}) => {
            open.delete(data.id);
            // Let the answer reach the lines, and the next question be asked
            setTimeout(() => {
                isHarmless = false;
                state.areAwaited = Boolean(open.size);
            });
        });

        state.whileAnswering = async (callback) => {
            if (state.isAnswering) {
                return callback();
            }
            state.isAnswering = true;
            try {
                return await callback();
            } finally {
                state.isAnswering = false;
            }
        };
        return state;
    },
};

registry.category("services").add("assembly_figures", assemblyFiguresService);

/**
 * @returns {Object} reactive: `areAwaited`, `isAnswering`
 */
export function useAssemblyFigures() {
    return useState(useService("assembly_figures"));
}
