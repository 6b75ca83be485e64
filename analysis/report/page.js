"use strict";
/* page.js - the page: its sections in order, the table of contents, the language.
 */

/* A section whose data is missing does not appear. */
const SECTIONS = [
    ["run", runSection],
    ["differences", differencesSection],
    ["curves", curvesSection],
    ["profiles", profilesSection],
    ["committee", committeeSection],
    ["networks", networksSection],
    ["attribution", attributionSection],
    ["sensitivity", sensitivitySection],
    ["frontier", frontierSection],
    ["failures", failuresSection],
    ["provenance", provenanceSection]
];

function addressOf(name) {
    return language + "/" + name;
}

function languageSwitch() {
    const choose = name => () => {
        history.replaceState(null, "", "#" + name + "/" + partOfAddress());
        render();
        document.querySelector(".languages [aria-pressed=true]").focus();
    };
    return element(
        "div",
        { class: "languages", role: "group", "aria-label": word("languages") },
        Object.entries(LANGUAGES).map(([name, { name: title, tag }]) => [
            element(
                "button",
                { type: "button", lang: tag, "data-language": name, "aria-pressed": String(name === language), click: choose(name) },
                title
            ),
            " "
        ])
    );
}

function contents(sections) {
    return element(
        "nav",
        { class: "contents", "aria-label": word("contents") },
        element(
            "ol",
            null,
            sections.map(([name]) => element("li", null, element("a", { href: "#" + addressOf(name) }, word("section_" + name))))
        )
    );
}

function render() {
    language = languageOfAddress();
    document.documentElement.lang = LANGUAGES[language].tag;
    forgetFigures();
    const sections = SECTIONS.map(([name, make]) => [name, make()]).filter(([, made]) => made);
    const title = DATA.title || (DATA.scenarios || []).map(sideTitle).join(word("comma")) || DATA.file;
    document.getElementById("report").replaceChildren(
        element(
            "header",
            null,
            element("div", { class: "top" }, element("span", null, word("kind_of_page")), languageSwitch()),
            element("h1", { class: title.length > 60 ? "long" : null }, title)
        ),
        contents(sections),
        element(
            "main",
            null,
            sections.map(([name, made]) =>
                addChildren(
                    element(
                        "section",
                        { id: addressOf(name), "aria-label": word("section_" + name) },
                        element("h2", null, word("section_" + name))
                    ),
                    [made]
                )
            )
        )
    );
    /* At once, so that the page has its height before anybody goes anywhere on it. */
    for (const shown of FIGURES.values()) shown.fit(shown.box.clientWidth);
}

function goToAddress() {
    const section = document.getElementById(location.hash.slice(1));
    if (section) section.scrollIntoView();
}

window.addEventListener("hashchange", () => {
    if (languageOfAddress() !== language) render();
    goToAddress();
});
window.addEventListener("beforeprint", preparePrint);
window.addEventListener("afterprint", endPrint);
render();
goToAddress();
