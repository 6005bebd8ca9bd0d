// What needs no decision: nothing is open, or all of it is covered in time
const SETTLED = ["", "covered", "assemble"];

/**
 * Answers to what is typed, and dialogs about what is saved.
 */
function mergeSuggestions(typed, saved = []) {
    if (!typed) {
        return saved;
    }
    const isDialog = ({to_assemble, action}) =>
        to_assemble === false && action !== "action_reserve_stock";
    return [...typed, ...saved.filter(isDialog)];
}

function prepareNewRow({id, resId, data}) {
    const name = data.product_id?.display_name || "";
    return {
        key: resId || id,
        line_id: resId || false,
        product: name,
        product_id: data.product_id?.id,
        qty_delivered: data.qty_delivered || 0,
        qty_assembled: data.qty_assembled || 0,
        bin_warning: data.bin_warning || "",
        components: [],
    };
}

/**
 * What the server tells of a line, unless that is over: another product is typed, or a
 * warehouse that does not assemble it.
 */
function getSavedRow({product_id: product, ...typed}, row) {
    const isOther = row && product && product.id !== row.product_id;
    const isPlain = typed.is_assembled === false && !typed.qty_to_assemble_to_order;
    return isOther || isPlain ? undefined : row;
}

/**
 * A line as it is typed, its figures as the form has them.
 *
 * @param {Object} line
 * @param {Object} [row] of the line as it is saved
 * @returns {Object|undefined} nothing when the line is not assembled
 */
function prepareTypedRow(line, row) {
    const {data} = line;
    const saved = getSavedRow(data, row);
    const figures = data.assembly_figures;
    if (!figures?.status_text) {
        // Nothing of it is typed; or nothing of what is typed can be assembled
        return saved;
    }
    return {
        ...prepareNewRow(line),
        ...saved,
        qty: data.product_uom_qty,
        qty_from_stock: data.qty_from_stock ?? saved?.qty_from_stock,
        qty_to_assemble_to_order:
            data.qty_to_assemble_to_order ?? saved?.qty_to_assemble_to_order,
        ...figures,
        price: data.assembly_price ?? saved?.price,
        cost: data.assembly_cost ?? saved?.cost,
        suggestions: mergeSuggestions(figures.suggestions, saved?.suggestions),
    };
}

/**
 * The rows of the panel: what the server tells of saved lines, what is typed on top.
 *
 * @param {Object} lines list of the lines of an order
 * @param {Object[]} saved `panel.Row` of saved lines
 * @param {Boolean} isTyped whether something is not saved
 * @returns {Object[]} `panel.Row` with `key` and `needsDecision`, in the order of lines
 */
export function prepareRows(lines, saved, isTyped) {
    const savedById = Object.fromEntries(saved.map((row) => [row.line_id, row]));
    const recordsById = Object.fromEntries(lines.records.map((l) => [l.resId, l]));
    const elsewhere = lines.currentIds
        .filter((id) => savedById[id] && !recordsById[id])
        .map((id) => savedById[id]);
    const rows = lines.records.map((line) =>
        isTyped || line.isNew
            ? prepareTypedRow(line, savedById[line.resId])
            : savedById[line.resId]
    );
    return [...rows, ...elsewhere].filter(Boolean).map((row) => ({
        key: row.line_id,
        ...row,
        suggestions: [row, row.price, row.cost].flatMap(
            (offer) => offer?.suggestions || []
        ),
        needsDecision: Boolean(
            row.bin_warning ||
                row.price?.is_to_decide ||
                !SETTLED.includes(row.status || "")
        ),
    }));
}
