import {patch} from "@web/core/utils/patch";
import {saleOrderLineProductField} from "@sale/js/sale_product_field";

// Beside our columns the money has to be seen, on laptops with the chatter beside the
// form. Where room is scarce names need no more than this; else they take what there is
patch(saleOrderLineProductField, {listViewWidth: [190, 400]});
