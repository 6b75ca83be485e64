/* design_link.c - which parameters move together.
 *
 *     link: [[purchase.quality_weight, switches.a], [city.size, purchase.budget]]
 */
#include "sim/design_draft.h"
#include "sim/error.h"

#include <string.h>

/* The factor that a link names; NULL with a message. */
static struct sim_factor_draft *
linked_factor(struct sim_design_draft *draft, const struct sim_entry *entry)
{
    const struct sim_field *field = sim_fields_find(draft->fields, entry->text);
    char quote[SIM_QUOTE_SIZE];
    if (field == NULL) {
        sim_design_report_parameter(draft, entry->text, entry->value_at, 0);
        return NULL;
    }
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        if (draft->factors[f].field == field && draft->factors[f].is_linked) {
            sim_messages_add(draft->messages, SIM_ERROR, entry->value_at, "link: %s is linked twice",
                sim_quote(entry->text, quote));
            return NULL;
        }
        if (draft->factors[f].field == field) {
            return &draft->factors[f];
        }
    }
    sim_messages_add(draft->messages, SIM_ERROR, entry->value_at,
        "link: %s does not vary; add it to vary, or take it out", sim_quote(entry->text, quote));
    return NULL;
}

/* One list of linked parameters. */
static void
read_link(struct sim_design_draft *draft, const struct sim_branch *branch)
{
    size_t number = (size_t) (branch - draft->document->branches) + 1;
    uint32_t group = UINT32_MAX;
    if (branch->kind != SIM_LIST || branch->count < 2) {
        sim_messages_add(draft->messages, SIM_ERROR, branch->value_at,
            "link: a list of two or more parameters is expected");
        return;
    }
    for (size_t i = 0; i < draft->document->count; i++) {
        const struct sim_entry *entry = &draft->document->entries[i];
        struct sim_factor_draft *factor = entry->parent == number ? linked_factor(draft, entry) : NULL;
        if (factor != NULL) {
            uint32_t own = (uint32_t) (factor - draft->factors);
            factor->is_linked = 1;
            group = group == UINT32_MAX ? own : group;
            factor->group = group;
        }
    }
    /* a group has the number of its first factor, whatever order the link names them in */
    uint32_t least = UINT32_MAX;
    for (uint32_t f = 0; f < draft->n_factors; f++) {
        if (draft->factors[f].group == group && draft->factors[f].is_linked) {
            least = least == UINT32_MAX ? f : least;
            draft->factors[f].group = least;
        }
    }
}

#define LINK_EXAMPLE "a list of lists, such as [[GROUP.NAME, GROUP.NAME]]"

int
sim_design_read_links(struct sim_design_draft *draft)
{
    const struct sim_branch *link = sim_design_branch(draft, "link");
    sim_design_check_shape(draft, "link", SIM_LIST, LINK_EXAMPLE);
    if (link == NULL || link->kind != SIM_LIST) {
        return SIM_OK;
    }
    size_t number = (size_t) (link - draft->document->branches) + 1;
    for (size_t i = 0; i < draft->document->count; i++) {
        if (draft->document->entries[i].parent == number) {
            sim_messages_add(draft->messages, SIM_ERROR, draft->document->entries[i].value_at,
                "link must be " LINK_EXAMPLE);
            return SIM_OK;
        }
    }
    for (size_t i = 0; i < draft->document->n_branches; i++) {
        if (draft->document->branches[i].parent == number) {
            read_link(draft, &draft->document->branches[i]);
        }
    }
    return SIM_OK;
}
