import {deserializeDate, toLocaleDateString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";

/**
 * The figures of an assembled line as they are named on the screen.
 */
export const FIGURES = {
    qty: _t("Ordered"),
    qty_delivered: _t("Delivered"),
    qty_from_stock: _t("From Stock"),
    reserved_stock_qty: _t("Reserved from Stock"),
    free_stock_qty: _t("Free in Stock"),
    expected_stock_qty: _t("Free by the Delivery Date"),
    deductible_qty: _t("Could Be Taken from Stock"),
    qty_to_assemble_to_order: _t("To Assemble"),
    qty_assembled: _t("Assembled"),
    remaining_qty: _t("Still to Assemble"),
    able_to_assemble_qty: _t("Able to Assemble"),
    components_short_qty: _t("Components Short"),
    missing_qty: _t("Missing"),
};

const PROBLEMS = ["missing_qty", "components_short_qty"];

/**
 * A quantity as short as can be: no decimals where there are none.
 *
 * @param {Number} quantity
 * @param {Number[]} [digits]
 * @returns {String}
 */
export function formatQuantity(quantity, digits) {
    return formatFloat(quantity || 0, {digits, trailingZeros: false});
}

/**
 * A day as the server tells it, as forms show it.
 *
 * @param {String|false} day
 * @returns {String} empty when unknown
 */
export function formatDay(day) {
    return day ? toLocaleDateString(deserializeDate(day)) : "";
}

/**
 * One figure of a line, ready to be shown.
 *
 * @param {Object} data what has the figure
 * @param {String} key
 * @param {Number[]} [digits]
 * @returns {Object} `{key, label, text, isNothing, isProblem}`
 */
export function prepareFigure(data, key, digits) {
    return {
        key,
        label: FIGURES[key],
        text: formatQuantity(data[key], digits),
        isNothing: !data[key],
        isProblem: PROBLEMS.includes(key) && data[key] > 0,
    };
}
