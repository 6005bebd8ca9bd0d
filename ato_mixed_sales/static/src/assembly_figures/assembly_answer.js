import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {useEnv} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/**
 * What the server suggests for a line, as it is saved or as it is typed.
 *
 * @param {Object} record of an order line
 * @returns {Object[]} `{action, label, qty, to_assemble}`, see `panel.Suggestion`
 */
export function getSuggestions(record) {
    const {
        assembly_figures: figures,
        assembly_price: price,
        assembly_cost: cost,
    } = record.data;
    return [figures, price, cost].flatMap((offer) => offer?.suggestions || []);
}

/**
 * The order that a line is typed in, or the line itself where it stands alone.
 */
function getRoot(record) {
    const {root} = record.model;
    return root.resModel === "sale.order" ? root : record;
}

/**
 * The same line once it is saved: what is saved is read anew, as other records.
 */
async function saveLine(record) {
    const root = getRoot(record);
    const {offset, records} = root.data.order_line || {offset: 0, records: []};
    const position = records.findIndex(({id}) => id === record.id);
    if (!(await root.save())) {
        return false;
    }
    if (root === record) {
        return record;
    }
    const {order_line: lines} = root.data;
    const savedId = record.resId || lines.currentIds[offset + position];
    return lines.records.find(({resId}) => resId === savedId) || false;
}

/**
 * Carry out answers, the same way wherever they are offered: chip, popover, panel.
 *
 * @returns {Object} `answer`, `ask`, `execute`
 */
export function useAssemblyAnswers() {
    const env = useEnv();
    const figures = useService("assembly_figures");
    const dialog = useService("dialog");
    const notification = useService("notification");

    /**
     * Ask what has to be asked before something is done.
     *
     * @param {Object} suggestion
     * @returns {Promise<Boolean>} whether it is to be done
     */
    function ask({confirm: body, label: confirmLabel}) {
        if (!body) {
            return Promise.resolve(true);
        }
        return new Promise((resolve) => {
            const props = {
                body,
                confirmLabel,
                confirm: () => resolve(true),
                cancel: () => resolve(false),
            };
            dialog.add(ConfirmationDialog, props, {onClose: () => resolve(false)});
        });
    }

    /**
     * Call a method of a line or order as a button of its form: saves, reloads.
     */
    function execute(record, action) {
        return figures.whileAnswering(() =>
            env.onClickViewButton({
                clickParams: {type: "object", name: action},
                // Of an order that is new: once it is saved
                getResParams: () => ({
                    resModel: record.resModel,
                    resId: record.resId,
                    resIds: [record.resId],
                    context: record.context,
                    evalContext: record.evalContext,
                }),
            })
        );
    }

    /**
     * Do what is suggested for a line.
     *
     * A line that is not saved takes the figure in its form; any other is saved first,
     * with its order, and asked again whether the suggestion is still true.
     *
     * @param {Object} record of the line
     * @param {Object} suggestion one of `getSuggestions`
     * @returns {Promise<Object|false>} the record of the line it was done for
     */
    async function answer(record, suggestion) {
        const {action, qty, confirm, to_assemble: toAssemble} = suggestion;
        if (!(await ask(suggestion))) {
            return false;
        }
        if (record.isNew && Number.isFinite(toAssemble)) {
            await record.update({qty_to_assemble_to_order: toAssemble});
            return record;
        }
        return figures.whileAnswering(async () => {
            const isTyped = record.isNew || (await getRoot(record).isDirty());
            const line = isTyped ? await saveLine(record) : record;
            if (!line) {
                return false;
            }
            const isSuggested = (s) =>
                s.action === action && s.qty === qty && s.confirm === confirm;
            if (isTyped && !getSuggestions(line).some(isSuggested)) {
                // The dialog of the line, if any, has the record from before
                env.closeLine?.();
                notification.add(
                    _t(
                        "The order is saved and the figures have changed: choose again."
                    ),
                    {type: "info"}
                );
                return false;
            }
            await execute(line, action);
            return line;
        });
    }

    return {answer, ask, execute};
}
