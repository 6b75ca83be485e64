/* rumour.c - rumours start on the platform and spread among those online; who hears one loses trust.
 *
 *     rumours in a month ~ Poisson(h_r o (1 - m));   who hears one: T <- T (1 - d_r)         (20a)
 *
 * o: share of residents online; m: moderation. A rumour spreads as in Maki and Thompson 1973, everybody
 * meeting everybody: each week a spreader has some contacts with others online, one after another; who
 * did not know it becomes a spreader, from next week on; on meeting somebody who knew it the spreader
 * stops for good. Where it dies out by itself a share of .20319 never hears of it (Sudbury 1985). The one
 * who starts it has heard it too. Rumours Wang2018 (m30); form and sizes assumption.
 */
#include "models/cogov/cogov.h"

static const uint32_t spreads = UINT32_C(1) << 31;

/* A rumour among `count` people: the first `heard` of the list know it, marked while they spread it. */
struct gossip {
    uint32_t *people;
    uint32_t count, heard;
    struct sim_stream stream;
    uint32_t rumour, drawn; /* which one it is, and how many draws it took */
    philox4x32_ctr_t words;
};

/* A number below n. */
static uint32_t
pick(struct gossip *gossip, uint32_t n)
{
    uint32_t word = gossip->drawn % 4;
    if (word == 0) {
        gossip->words = sim_draw_words(gossip->stream, gossip->drawn / 4, gossip->rumour);
    }
    gossip->drawn++;
    return (uint32_t) (sim_uniform(gossip->words.v[word]) * n);
}

static void
hear(struct gossip *gossip, uint32_t who)
{
    uint32_t person = gossip->people[who];
    gossip->people[who] = gossip->people[gossip->heard];
    gossip->people[gossip->heard++] = person | spreads;
}

/* A week of one spreader; false once it has stopped. */
static int
tell(struct gossip *gossip, uint32_t who, int64_t contacts)
{
    for (int64_t c = 0; c < contacts; c++) {
        uint32_t other = pick(gossip, gossip->count - 1);
        other += other >= who; /* not oneself */
        if (other < gossip->heard) {
            gossip->people[who] &= ~spreads;
            return 0;
        }
        hear(gossip, other);
    }
    return 1;
}

static void
spread(struct gossip *gossip, const struct cogov_params *p)
{
    int spreading = gossip->count > 1;
    gossip->heard = gossip->drawn = 0;
    hear(gossip, pick(gossip, gossip->count));
    for (int64_t week = 0; spreading && week < p->platform_rumour_weeks; week++) {
        uint32_t knew = gossip->heard;
        spreading = 0;
        for (uint32_t who = 0; who < knew; who++) {
            if ((gossip->people[who] & spreads) != 0) {
                spreading |= tell(gossip, who, p->platform_rumour_contacts);
            }
        }
        spreading |= gossip->heard > knew;
    }
}

static uint32_t
list_online(const struct sim_view *view, uint32_t *people)
{
    const uint8_t *traits = cogov_resident_of(view)->traits;
    uint32_t online = 0;
    for (uint32_t i = 0; i < cogov_resident_count(view); i++) {
        if ((traits[i] & TRAIT_ONLINE) != 0) {
            people[online++] = i;
        }
    }
    return online;
}

void
rumour(const struct sim_view *view)
{
    const struct cogov_params *p = cogov_params(view);
    const struct cogov_community *community = cogov_community_of(view);
    const float left = 1.0f - (float) p->platform_rumour_damage;
    float *trust = cogov_resident_of(view)->trust;
    double mean = p->platform_rumour_rate * community->online[0] * (1 - p->platform_moderation);
    int64_t rumours = sim_poisson_at(mean, sim_draw(view->stream, 0, 0));

    community->rumours[0] = rumours;
    if (rumours == 0) {
        return;
    }
    struct gossip gossip = { .people = view->scratch, .stream = view->stream };
    gossip.count = list_online(view, gossip.people);
    while (gossip.rumour < rumours) {
        gossip.rumour++;
        spread(&gossip, p);
        for (uint32_t who = 0; who < gossip.heard; who++) {
            gossip.people[who] &= ~spreads;
            trust[gossip.people[who]] *= left;
        }
    }
}
