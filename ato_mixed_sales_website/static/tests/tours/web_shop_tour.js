import {
    confirmOrder,
    goToCart,
    goToCheckout,
    payWithDemo,
} from "@website_sale/js/tours/tour_utils";
import {registry} from "@web/core/registry";

const QUANTITY = "#product_detail input[name='add_qty']";

registry.category("web_tour.tours").add("ato_web_shop_buy", {
    steps: () => [
        {
            content: "The product is found in the shop",
            trigger: ".oe_product_cart a:text(Oak Writing Desk)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page says what is there, and when there is more",
            trigger: "#assembly_message:contains(6 in stock, more in 4 days)",
        },
        {
            content: "Twelve are wanted",
            trigger: QUANTITY,
            run: "edit 12 && press Tab",
        },
        {
            content: "Ten can be sold",
            trigger: `${QUANTITY}:value(10)`,
        },
        {
            content: "They go to the cart",
            trigger: "#add_to_cart",
            run: "click",
        },
        {
            content: "There are no more",
            trigger: "#threshold_message:contains(already added all the available)",
        },
        goToCart({quantity: 10}),
        goToCheckout(),
        confirmOrder(),
        ...payWithDemo(),
    ],
});
