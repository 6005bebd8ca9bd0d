import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {FormController} from "@web/views/form/form_controller";
import {ListController} from "@web/views/list/list_controller";
import {UncoveredDialog} from "./uncovered_dialog";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

/**
 * Open a dialog, and wait for what it is closed with.
 *
 * @param {Object} env
 * @param {Function} Dialog that calls `confirm` to go on
 * @param {Object} props
 * @returns {Promise<Boolean>} whether to go on
 */
function ask(env, Dialog, props) {
    return new Promise((resolve) => {
        env.services.dialog.add(
            Dialog,
            {...props, confirm: () => resolve(true)},
            {onClose: () => resolve(false)}
        );
    });
}

/**
 * Ask before an order is confirmed that nothing covers, where its company wants it so.
 */
async function askToConfirm(env, ids) {
    if (ids.length !== 1) {
        // Nobody reads the lines of many orders: each says in its chatter what it lacks
        return true;
    }
    const load = () => env.services.orm.call("sale.order", "get_uncovered_rows", [ids]);
    const rows = await load();
    return !rows.length || ask(env, UncoveredDialog, {rows, load});
}

/**
 * Tell who waits for what is about to be cancelled.
 */
async function askToCancel(env, ids) {
    const notes = await env.services.orm.call(
        "mrp.production",
        "get_cancellation_notes",
        [ids]
    );
    const question =
        ids.length > 1
            ? _t("Are you sure you want to cancel these manufacturing orders?")
            : _t("Are you sure you want to cancel this manufacturing order?");
    const consequence = _t("It is taken from stock then, and the salesperson is told.");
    return (
        !notes.length ||
        ask(env, ConfirmationDialog, {
            title: _t("A customer is waiting"),
            body: [...notes, consequence, question].join("\n"),
            confirmLabel: _t("Cancel the Order"),
            cancelLabel: _t("Keep It"),
            cancel: () => undefined,
        })
    );
}

// What is asked before a button of Odoo's own does what it does: the methods stay as
// they are for whoever else calls them
export const QUESTIONS = {
    "sale.order": {action_confirm: askToConfirm},
    "mrp.production": {action_cancel: askToCancel},
};

function getQuestion(resModel, {name, special}) {
    return !special && QUESTIONS[resModel]?.[name];
}

patch(FormController.prototype, {
    async beforeExecuteActionButton(clickParams) {
        const saved = await super.beforeExecuteActionButton(...arguments);
        const question = getQuestion(this.props.resModel, clickParams);
        if (saved === false || !question) {
            return saved;
        }
        const goesOn = await question(this.env, [this.model.root.resId]);
        if (!goesOn) {
            // What was answered there is on the screen
            await this.model.load();
        }
        return goesOn;
    },
});

patch(ListController.prototype, {
    async beforeExecuteActionButton(clickParams) {
        const saved = await super.beforeExecuteActionButton(...arguments);
        const question = getQuestion(this.props.resModel, clickParams);
        if (saved === false || !question) {
            return saved;
        }
        return question(this.env, await this.model.root.getResIds(true));
    },
});
