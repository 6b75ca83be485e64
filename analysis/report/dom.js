"use strict";
/* dom.js - making elements. What comes from the data becomes text or the value of an attribute, never markup.
 */

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/* Attributes that are null or false are left out; functions listen to the event of their name. */
function addAttributes(node, attributes) {
    for (const [name, value] of Object.entries(attributes || {})) {
        if (typeof value === "function") node.addEventListener(name, value);
        else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : String(value));
    }
}

/* Children are nodes or texts, in lists of any depth; null is none. */
function addChildren(node, children) {
    for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
    return node;
}

function replaceAll(node, ...children) {
    node.replaceChildren();
    return addChildren(node, children);
}

function element(name, attributes, ...children) {
    const node = document.createElement(name);
    addAttributes(node, attributes);
    return addChildren(node, children);
}

function svg(name, attributes, ...children) {
    const node = document.createElementNS(SVG_NAMESPACE, name);
    addAttributes(node, attributes);
    return addChildren(node, children);
}

/* Hands the reader a file that the page makes itself. */
function download(name, text, type) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = element("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
}
