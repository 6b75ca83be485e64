/* test_world.c - a small town made by hand shows what the engine does when: set-up, phases, snapshots, sums,
 * memory. */
#include "models/registry.h"
#include "sim/alloc.h"
#include "sim/error.h"
#include "sim/world.h"

#include "memory.h"

#include <math.h>
#include <omp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* What rules find wrong, which may not assert: they run on many threads. */

static int faults, fault_line;

#define EXPECT(condition)                                              \
    do {                                                               \
        if (!(condition)) {                                            \
            __atomic_store_n(&fault_line, __LINE__, __ATOMIC_RELAXED); \
            __atomic_add_fetch(&faults, 1, __ATOMIC_RELAXED);          \
        }                                                              \
    } while (0)

static void
assert_no_faults(void)
{
    if (faults != 0) {
        fail_msg("%d faults in rules, one at line %d", faults, fault_line);
    }
}

/* Every call of the town's functions, in order. */

enum { OPEN, WORK, SECOND, TRADE, GATHER, REST, REPORT, TELL, CLOSE, PHASES, SETUP, SETTLE };

struct call {
    int what;
    enum sim_level level;
    uint32_t region, block;
};

#define CALLS_LIMIT 4096
static struct call calls[CALLS_LIMIT];
static uint32_t n_calls;

static void
note(const struct sim_view *view, int what)
{
    uint32_t i = __atomic_fetch_add(&n_calls, 1, __ATOMIC_RELAXED);
    if (i < CALLS_LIMIT) {
        calls[i] = (struct call){ what, view->level, view->region, view->block };
    }
}

static void
assert_call(uint32_t i, int what, enum sim_level level, uint32_t region, uint32_t block)
{
    assert_true(i < n_calls);
    assert_int_equal(calls[i].what, what);
    assert_int_equal(calls[i].level, level);
    assert_int_equal(calls[i].region, region);
    assert_int_equal(calls[i].block, block);
}

/* The town: a mayor, desks in its regions, residents and shops in its blocks. */

struct town {
    int64_t regions, blocks;
    int second;
    int plan; /* enum sim_network_kind */
};

static const struct sim_field town_fields[] = {
    { SIM_INTEGER, SIM_WORLD, 0, "city", "regions", "", offsetof(struct town, regions), "3", 1, 100, "1", "",
        "assumption", NULL },
    { SIM_INTEGER, SIM_WORLD, 0, "city", "blocks", "", offsetof(struct town, blocks), "4", 1, 100, "1", "",
        "assumption", NULL },
    { SIM_SWITCH, SIM_WORLD, 0, "switches", "second", "", offsetof(struct town, second), "on", 0, 1, "1", "",
        "assumption", NULL },
};

static const struct town standard_town = { 3, 4, 1, SIM_NETWORK_RING };
static const struct sim_key key = { 11, 5 };

enum { MAYOR, DESK, RESIDENT, SHOP, KINDS };

struct mayor {
    double *budget, *budget_before;
    uint8_t *ready;
};

struct desk {
    uint8_t *ready;
    int64_t *load, *load_before;
};

struct resident {
    uint8_t *age;
    float *mood, *mood_before;
    double *start; /* the mood that the first rule of the month found */
    double *wealth;
};

struct shop {
    uint32_t *sales;
};

static const struct sim_kind kinds[KINDS] = {
    { "mayor", SIM_WORLD, sizeof(struct mayor), "" },
    { "desk", SIM_REGION, sizeof(struct desk), "" },
    { "resident", SIM_BLOCK, sizeof(struct resident), "" },
    { "shop", SIM_BLOCK, sizeof(struct shop), "" },
};

#define COLUMN(kind, kind_index, type, name)                                               \
    {                                                                                      \
#name, kind_index, sizeof(type), offsetof(struct kind, name), 0, #type, "1", "", 0 \
    }
#define SNAPSHOT(kind, kind_index, type, name)                                                              \
    {                                                                                                       \
#name, kind_index, sizeof(type), offsetof(struct kind, name), offsetof(struct kind, name##_before), \
            #type, "1", "", 0                                                                               \
    }

static const struct sim_column columns[] = {
    SNAPSHOT(mayor, MAYOR, double, budget),
    COLUMN(mayor, MAYOR, uint8_t, ready),
    COLUMN(desk, DESK, uint8_t, ready),
    SNAPSHOT(desk, DESK, int64_t, load),
    COLUMN(resident, RESIDENT, uint8_t, age),
    SNAPSHOT(resident, RESIDENT, float, mood),
    COLUMN(resident, RESIDENT, double, start),
    COLUMN(resident, RESIDENT, double, wealth),
    COLUMN(shop, SHOP, uint32_t, sales),
};

enum { STREAM_SIZE = 40, STREAM_NETWORK, STREAM_SETUP, STREAM_PHASES = 50 };

#define DESKS 2
#define SCRATCH(view) (100 + 10 * (size_t) (view)->count[RESIDENT])

static uint32_t
residents_at(uint32_t region, uint32_t block)
{
    return region == 1 && block == 2 ? 0 : 3 + 5 * region + block;
}

static int
stream_is(const struct sim_view *view, uint32_t tick, uint32_t stream)
{
    uint32_t region = view->level == SIM_WORLD ? SIM_NO_REGION : view->region;
    uint32_t block = view->level == SIM_BLOCK ? view->block : SIM_NO_BLOCK;
    struct sim_stream expected = { key, region << 16 | block, tick << 16 | stream };
    return memcmp(&view->stream, &expected, sizeof(expected)) == 0 && view->tick == tick;
}

static void
town_extent(const void *params, uint32_t *regions, uint32_t *blocks)
{
    const struct town *town = params;
    *regions = (uint32_t) town->regions;
    *blocks = (uint32_t) town->blocks;
}

static void
town_size(const struct sim_view *view, uint32_t *count)
{
    EXPECT(stream_is(view, 0, STREAM_SIZE));
    if (view->level == SIM_WORLD) {
        count[MAYOR] = 1;
    } else if (view->level == SIM_REGION) {
        EXPECT(view->above->count[MAYOR] == 1);
        count[DESK] = DESKS;
    } else {
        EXPECT(view->above->count[DESK] == DESKS);
        count[RESIDENT] = residents_at(view->region, view->block);
        count[SHOP] = view->block == 0;
    }
}

static size_t
town_scratch(const struct sim_view *view)
{
    return SCRATCH(view);
}

static void
town_network(const struct sim_view *view, struct sim_network_plan *plan)
{
    const struct town *town = view->params;
    *plan = (struct sim_network_plan){ (enum sim_network_kind) town->plan, view->count[RESIDENT], 4, 0.3 };
}

static void
use_scratch(const struct sim_view *view, int mark)
{
    unsigned char *scratch = view->scratch;
    memset(scratch, mark, SCRATCH(view));
    for (size_t i = 0; i < SCRATCH(view); i++) {
        EXPECT(((volatile unsigned char *) scratch)[i] == mark);
    }
}

static void
town_setup(const struct sim_view *view)
{
    note(view, SETUP);
    EXPECT(stream_is(view, 0, STREAM_SETUP));
    use_scratch(view, 200);
    if (view->level == SIM_WORLD) {
        const struct mayor *mayor = view->agents[MAYOR];
        mayor->ready[0] = 1;
        mayor->budget[0] = 1000;
    } else if (view->level == SIM_REGION) {
        EXPECT(((const struct mayor *) view->above->agents[MAYOR])->ready[0] == 1);
        const struct desk *desk = view->agents[DESK];
        for (uint32_t i = 0; i < view->count[DESK]; i++) {
            desk->ready[i] = 1;
            desk->load[i] = 10 * view->region + i;
        }
    } else {
        EXPECT(((const struct desk *) view->above->agents[DESK])->ready[DESKS - 1] == 1);
        const struct resident *resident = view->agents[RESIDENT];
        for (uint32_t i = 0; i < view->count[RESIDENT]; i++) {
            resident->age[i] = (uint8_t) (18 + i);
            resident->mood[i] = (float) sim_draw(view->stream, i, 0);
            resident->wealth[i] = 100;
        }
    }
}

static void
town_settle(const struct sim_view *world)
{
    note(world, SETTLE);
    use_scratch(world, 201);
    const struct sim_view *last = world->below[world->n_below - 1];
    last = last->below[last->n_below - 1];
    EXPECT(((const struct resident *) last->agents[RESIDENT])->wealth[0] == 100);
}

static void
begin(const struct sim_view *view, int phase)
{
    note(view, phase);
    EXPECT(stream_is(view, view->tick, STREAM_PHASES + (uint32_t) phase));
    use_scratch(view, phase + 1);
}

static void
open_month(const struct sim_view *view)
{
    begin(view, OPEN);
    const struct mayor *mayor = view->agents[MAYOR];
    EXPECT(mayor->budget_before[0] == mayor->budget[0]);
    mayor->budget[0] -= 1;
}

static void
work(const struct sim_view *view)
{
    begin(view, WORK);
    const struct resident *resident = view->agents[RESIDENT];
    const struct mayor *mayor = view->above->above->agents[MAYOR];
    EXPECT(mayor->budget_before[0] == mayor->budget[0] + 1);
    for (uint32_t i = 0; i < view->count[RESIDENT]; i++) {
        EXPECT(memcmp(&resident->mood_before[i], &resident->mood[i], sizeof(float)) == 0);
        resident->start[i] = (double) resident->mood[i];
        resident->mood[i] += (float) sim_draw(view->stream, i, 0);
    }
}

static void
second(const struct sim_view *view)
{
    begin(view, SECOND);
    const struct resident *resident = view->agents[RESIDENT];
    for (uint32_t i = 0; i < view->count[RESIDENT]; i++) {
        resident->mood[i] += 1;
    }
}

static void
expect_start_is_kept(const struct sim_view *view)
{
    const struct resident *resident = view->agents[RESIDENT];
    for (uint32_t i = 0; i < view->count[RESIDENT]; i++) {
        EXPECT((double) resident->mood_before[i] == resident->start[i]);
        EXPECT((double) resident->mood[i] != resident->start[i]);
    }
}

static void
trade(const struct sim_view *view)
{
    begin(view, TRADE);
    expect_start_is_kept(view);
    const struct resident *resident = view->agents[RESIDENT];
    for (uint32_t i = 0; i < view->count[RESIDENT]; i++) {
        resident->wealth[i] += (double) resident->mood[i] / 3;
    }
}

static void
gather(const struct sim_view *view)
{
    begin(view, GATHER);
    const struct desk *desk = view->agents[DESK];
    for (uint32_t b = 0; b < view->n_below; b++) {
        const struct resident *resident = view->below[b]->agents[RESIDENT];
        for (uint32_t i = 0; i < view->below[b]->count[RESIDENT]; i++) {
            resident->wealth[i] -= 1;
            desk->load[i % DESKS]++;
        }
    }
}

static void
rest(const struct sim_view *view)
{
    begin(view, REST);
    expect_start_is_kept(view);
    const struct desk *desk = view->above->agents[DESK];
    EXPECT(desk->load[0] > desk->load_before[0]);
}

static void
report(const struct sim_view *view)
{
    begin(view, REPORT);
}

static void
tell(const struct sim_view *view)
{
    begin(view, TELL);
}

static void
close_month(const struct sim_view *view)
{
    begin(view, CLOSE);
    const struct mayor *mayor = view->agents[MAYOR];
    EXPECT(mayor->budget_before[0] == mayor->budget[0] + 1);
    for (uint32_t r = 0; r < view->n_below; r++) {
        const struct desk *desk = view->below[r]->agents[DESK];
        mayor->budget[0] += (double) desk->load[0] / 7;
    }
}

static const struct sim_phase phases[PHASES] = {
    { "open", SIM_WORLD, open_month, STREAM_PHASES + OPEN, NULL, NULL, NULL },
    { "work", SIM_BLOCK, work, STREAM_PHASES + WORK, NULL, NULL, NULL },
    { "second", SIM_BLOCK, second, STREAM_PHASES + SECOND, "switches.second", NULL, NULL },
    { "trade", SIM_BLOCK, trade, STREAM_PHASES + TRADE, NULL, NULL, NULL },
    { "gather", SIM_REGION, gather, STREAM_PHASES + GATHER, NULL, NULL, NULL },
    { "rest", SIM_BLOCK, rest, STREAM_PHASES + REST, NULL, NULL, NULL },
    { "report", SIM_REGION, report, STREAM_PHASES + REPORT, NULL, NULL, NULL },
    { "tell", SIM_REGION, tell, STREAM_PHASES + TELL, NULL, NULL, NULL },
    { "close", SIM_WORLD, close_month, STREAM_PHASES + CLOSE, NULL, NULL, NULL },
};

/* Observations. awkward() makes sums that depend on their order. */

static double
awkward(uint32_t region, uint32_t block)
{
    static const double numbers[] = { 1e16, 1, -1e16, 0.1, 3, 1e15, 0.7, -1e15, 5e-3, 2, 1e16, 0.3 };
    return numbers[(4 * region + block) % SIM_COUNT_OF(numbers)];
}

static void
observe_mood(const struct sim_view *view, struct sim_tally tally)
{
    const struct resident *resident = view->agents[RESIDENT];
    for (uint32_t i = 0; i < view->count[RESIDENT]; i++) {
        tally.value[0] += (double) resident->mood[i];
        tally.weight[0] += 1;
    }
}

static void
observe_by_parity(const struct sim_view *view, struct sim_tally tally)
{
    const struct resident *resident = view->agents[RESIDENT];
    for (uint32_t i = 0; i < view->count[RESIDENT]; i++) {
        tally.value[i % 2] += 3.0 * resident->age[i];
        tally.weight[i % 2] += 3;
    }
}

static void
observe_awkward(const struct sim_view *view, struct sim_tally tally)
{
    use_scratch(view, 202);
    tally.value[0] += awkward(view->region, view->block);
}

static void
observe_many(const struct sim_view *view, struct sim_tally tally)
{
    (void) view;
    tally.value[0] += 0x1p40 + 1;
    tally.value[2] += 1;
}

static void
observe_load(const struct sim_view *view, struct sim_tally tally)
{
    const struct desk *desk = view->agents[DESK];
    tally.value[0] += (double) (desk->load[0] + desk->load[1]);
}

static void
observe_budget(const struct sim_view *view, struct sim_tally tally)
{
    tally.value[0] = 2 * ((const struct mayor *) view->agents[MAYOR])->budget[0];
    tally.weight[0] = 2;
}

static const char *const parities[] = { "even", "odd", "neither" };
static const struct sim_dimension dimensions[] = { { "parity", "", parities, 3, NULL } };

enum { MOOD, BY_PARITY, AWKWARD = 4, MANY, LOAD = 8, BUDGET, ROW };

static const struct sim_observation observations[] = {
    { "mood", "", "", "1", -1, SIM_MEAN, SIM_BLOCK, (double) NAN, (double) NAN, observe_mood, NULL },
    { "by_parity", "", "", "1", 0, SIM_MEAN, SIM_BLOCK, (double) NAN, (double) NAN, observe_by_parity, NULL },
    { "awkward", "", "", "1", -1, SIM_TOTAL, SIM_BLOCK, (double) NAN, (double) NAN, observe_awkward, NULL },
    { "many", "", "", "1", 0, SIM_COUNT, SIM_BLOCK, (double) NAN, (double) NAN, observe_many, NULL },
    { "load", "", "", "1", -1, SIM_COUNT, SIM_REGION, (double) NAN, (double) NAN, observe_load, NULL },
    { "budget", "", "", "1", -1, SIM_MEAN, SIM_WORLD, (double) NAN, (double) NAN, observe_budget, NULL },
};

static int
town_verify(const struct sim_view *world, char *why, size_t size)
{
    snprintf(why, size, "month %u is a bad one", world->tick);
    return world->tick == 2 ? SIM_ERR_STATE : SIM_OK;
}

static const struct sim_model town_model = {
    .name = "town",
    .fields = { town_fields, SIM_COUNT_OF(town_fields), sizeof(struct town) },
    .kinds = kinds,
    .n_kinds = KINDS,
    .columns = columns,
    .n_columns = SIM_COUNT_OF(columns),
    .dimensions = dimensions,
    .n_dimensions = 1,
    .observations = observations,
    .n_observations = SIM_COUNT_OF(observations),
    .phases = phases,
    .n_phases = PHASES,
    .extent = town_extent,
    .size = town_size,
    .scratch = town_scratch,
    .network = town_network,
    .setup = town_setup,
    .settle = town_settle,
    .setup_stream = STREAM_SETUP,
    .network_stream = STREAM_NETWORK,
    .size_stream = STREAM_SIZE,
    .verify = town_verify,
};

static int
forget(void **state)
{
    (void) state;
    faults = 0;
    n_calls = 0;
    memory_fails_at(0, 0);
    return 0;
}

static void
found_town(struct sim_world *world, const struct town *town, int threads)
{
    assert_int_equal(sim_world_init(world, &town_model, town, key, threads), SIM_OK);
    assert_no_faults();
}

/* Set-up */

static void
places_are_set_up_from_the_world_down(void **state)
{
    (void) state;
    struct sim_world world;
    found_town(&world, &standard_town, 1);
    uint32_t i = 0;
    assert_call(i++, SETUP, SIM_WORLD, 0, 0);
    for (uint32_t r = 0; r < 3; r++) {
        assert_call(i++, SETUP, SIM_REGION, r, 0);
    }
    for (uint32_t r = 0; r < 3; r++) {
        for (uint32_t b = 0; b < 4; b++) {
            assert_call(i++, SETUP, SIM_BLOCK, r, b);
        }
    }
    assert_call(i++, SETTLE, SIM_WORLD, 0, 0);
    assert_int_equal(n_calls, i);
    assert_int_equal(world.tick, 0);
    sim_world_free(&world);
}

static void
threads_set_up_every_place_once_and_settle_comes_last(void **state)
{
    (void) state;
    struct sim_world world;
    found_town(&world, &standard_town, 3);
    int seen[SIM_LEVELS][3][4] = { 0 };
    assert_int_equal(n_calls, 1 + 3 + 12 + 1);
    for (uint32_t i = 0; i < n_calls - 1; i++) {
        assert_int_equal(calls[i].what, SETUP);
        assert_true(i == 0 || calls[i].level >= calls[i - 1].level);
        assert_int_equal(seen[calls[i].level][calls[i].region][calls[i].block]++, 0);
    }
    assert_call(n_calls - 1, SETTLE, SIM_WORLD, 0, 0);
    sim_world_free(&world);
}

static void
assert_place(const struct sim_view *view, enum sim_level level, uint32_t region, uint32_t block,
    const struct sim_view *above)
{
    assert_int_equal(view->level, level);
    assert_int_equal(view->region, region);
    assert_int_equal(view->block, block);
    assert_ptr_equal(view->above, above);
    assert_ptr_equal(view->params, &standard_town);
    for (int k = 0; k < KINDS; k++) {
        assert_int_equal(view->agents[k] != NULL, kinds[k].level == level);
    }
    assert_int_equal(view->count[MAYOR], level == SIM_WORLD);
    assert_int_equal(view->count[DESK], level == SIM_REGION ? DESKS : 0);
    assert_int_equal(view->count[RESIDENT], level == SIM_BLOCK ? residents_at(region, block) : 0);
    assert_int_equal(view->count[SHOP], level == SIM_BLOCK && block == 0);
}

static void
views_know_their_place_and_those_above_and_below(void **state)
{
    (void) state;
    struct sim_world world;
    uint64_t agents = 1;
    found_town(&world, &standard_town, 2);
    const struct sim_view *all = sim_world_view(&world);
    assert_place(all, SIM_WORLD, 0, 0, NULL);
    assert_int_equal(all->n_below, 3);
    for (uint32_t r = 0; r < 3; r++) {
        assert_place(all->below[r], SIM_REGION, r, 0, all);
        assert_int_equal(all->below[r]->n_below, 4);
        agents += DESKS + 1;
        for (uint32_t b = 0; b < 4; b++) {
            assert_place(all->below[r]->below[b], SIM_BLOCK, r, b, all->below[r]);
            assert_int_equal(all->below[r]->below[b]->n_below, 0);
            agents += residents_at(r, b);
        }
    }
    assert_int_equal(world.agents, agents);
    assert_int_equal(world.n_places, 16);
    assert_int_equal(world.row, ROW);
    sim_world_free(&world);
}

/* The ranges of memory of all columns of all places, to see that none meets another. */

struct range {
    uintptr_t first, end;
};

static int
compare_ranges(const void *a, const void *b)
{
    const struct range *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

static size_t
ranges_of(const struct sim_view *view, struct range *ranges)
{
    size_t n = 0;
    for (uint32_t c = 0; c < SIM_COUNT_OF(columns); c++) {
        const struct sim_column *column = &columns[c];
        if (kinds[column->kind].level != view->level || view->count[column->kind] == 0) {
            continue;
        }
        const size_t offsets[] = { column->offset, column->before };
        for (int copy = 0; copy < (column->before != 0 ? 2 : 1); copy++) {
            void *start;
            memcpy(&start, (const unsigned char *) view->agents[column->kind] + offsets[copy], sizeof(start));
            assert_int_equal((uintptr_t) start % SIM_ALIGNMENT, 0);
            ranges[n].first = (uintptr_t) start;
            ranges[n++].end = (uintptr_t) start + column->item * view->count[column->kind];
        }
    }
    return n;
}

static void
columns_are_aligned_and_apart(void **state)
{
    (void) state;
    struct sim_world world;
    struct range ranges[256];
    found_town(&world, &standard_town, 1);
    const struct sim_view *all = sim_world_view(&world);
    size_t n = ranges_of(all, ranges);
    for (uint32_t r = 0; r < all->n_below; r++) {
        n += ranges_of(all->below[r], ranges + n);
        for (uint32_t b = 0; b < all->below[r]->n_below; b++) {
            n += ranges_of(all->below[r]->below[b], ranges + n);
        }
    }
    assert_int_equal(n, 3 + 3 * 3 + 11 * 5 + 3);
    qsort(ranges, n, sizeof(*ranges), compare_ranges);
    for (size_t i = 1; i < n; i++) {
        assert_true(ranges[i].first >= ranges[i - 1].end);
    }
    sim_world_free(&world);
}

static void
each_block_has_the_ties_of_its_own_plan_and_stream(void **state)
{
    (void) state;
    struct sim_world world;
    struct town town = standard_town;
    town.plan = SIM_NETWORK_SMALL_WORLD;
    found_town(&world, &town, 3);
    const struct sim_view *all = sim_world_view(&world);
    size_t bytes = 0;
    for (uint32_t r = 0; r < 3; r++) {
        for (uint32_t b = 0; b < 4; b++) {
            struct sim_network expected;
            struct sim_network_plan plan = { SIM_NETWORK_SMALL_WORLD, residents_at(r, b), 4, 0.3 };
            const struct sim_network *network = all->below[r]->below[b]->network;
            assert_int_equal(
                sim_network_init(&expected, &plan, sim_stream_at(key, sim_place(r, b), 0, STREAM_NETWORK)),
                SIM_OK);
            assert_int_equal(network->count, plan.count);
            for (uint32_t i = 0; i < plan.count; i++) {
                assert_int_equal(sim_network_degree(network, i), sim_network_degree(&expected, i));
            }
            if (plan.count > 0) {
                assert_memory_equal(
                    network->narrow, expected.narrow, expected.start[plan.count] * sizeof(uint16_t));
            }
            bytes += expected.bytes;
            sim_network_free(&expected);
        }
    }
    assert_true(bytes > 0 && world.bytes > bytes);
    sim_world_free(&world);
}

/* The month */

static uint32_t
expect_calls(uint32_t i, enum sim_level level, uint32_t region, uint32_t block, const int *list)
{
    for (; *list >= 0; list++) {
        assert_call(i++, *list, level, region, block);
    }
    return i;
}

static uint32_t
expect_blocks(uint32_t i, const int *list)
{
    for (uint32_t r = 0; r < 3; r++) {
        for (uint32_t b = 0; b < 4; b++) {
            i = expect_calls(i, SIM_BLOCK, r, b, list);
        }
    }
    return i;
}

static uint32_t
expect_month(int has_second)
{
    uint32_t i = expect_calls(0, SIM_WORLD, 0, 0, (int[]){ OPEN, -1 });
    i = expect_blocks(i, has_second ? (int[]){ WORK, SECOND, TRADE, -1 } : (int[]){ WORK, TRADE, -1 });
    for (uint32_t r = 0; r < 3; r++) {
        i = expect_calls(i, SIM_REGION, r, 0, (int[]){ GATHER, -1 });
    }
    i = expect_blocks(i, (int[]){ REST, -1 });
    for (uint32_t r = 0; r < 3; r++) {
        i = expect_calls(i, SIM_REGION, r, 0, (int[]){ REPORT, TELL, -1 });
    }
    return expect_calls(i, SIM_WORLD, 0, 0, (int[]){ CLOSE, -1 });
}

static void
phases_run_in_the_listed_order_at_each_place(void **state)
{
    (void) state;
    struct sim_world world;
    found_town(&world, &standard_town, 1);
    for (uint32_t tick = 1; tick <= 3; tick++) {
        n_calls = 0;
        sim_world_step(&world);
        assert_int_equal(n_calls, expect_month(1));
        assert_int_equal(world.tick, tick);
        assert_int_equal(sim_world_view(&world)->tick, tick);
    }
    assert_no_faults();
    sim_world_free(&world);
}

static void
a_switch_leaves_its_phase_out_and_no_other(void **state)
{
    (void) state;
    struct sim_world world;
    struct town town = standard_town;
    town.second = 0;
    found_town(&world, &town, 1);
    n_calls = 0;
    sim_world_step(&world);
    assert_int_equal(n_calls, expect_month(0));
    assert_no_faults();
    sim_world_free(&world);
}

/* Which run of phases of one scope a phase belongs to. */
static int
run_of(int phase)
{
    int run = 0;
    for (int p = 1; p <= phase; p++) {
        run += phases[p].scope != phases[p - 1].scope;
    }
    return run;
}

static void
every_place_is_done_before_the_next_scope_whatever_the_threads(void **state)
{
    (void) state;
    for (int threads = 2; threads <= 7; threads++) {
        struct sim_world world;
        found_town(&world, &standard_town, threads);
        for (int tick = 0; tick < 5; tick++) {
            int last[SIM_LEVELS][3][4];
            memset(last, -1, sizeof(last));
            n_calls = 0;
            sim_world_step(&world);
            assert_int_equal(n_calls, 2 + 12 * 4 + 3 * 3);
            for (uint32_t i = 0; i < n_calls; i++) {
                int *before = &last[calls[i].level][calls[i].region][calls[i].block];
                assert_true(calls[i].what > *before);
                *before = calls[i].what;
                assert_true(i == 0 || run_of(calls[i].what) >= run_of(calls[i - 1].what));
            }
        }
        assert_no_faults();
        sim_world_free(&world);
    }
}

static void
snapshots_hold_the_start_of_the_month(void **state)
{
    (void) state;
    struct sim_world world;
    found_town(&world, &standard_town, 2);
    for (int tick = 0; tick < 4; tick++) {
        const struct sim_view *block = sim_world_view(&world)->below[2]->below[1];
        const struct resident *resident = block->agents[RESIDENT];
        const struct desk *desk = block->above->agents[DESK];
        float mood[14];
        int64_t load[DESKS];
        assert_int_equal(block->count[RESIDENT], 14);
        memcpy(mood, resident->mood, sizeof(mood));
        memcpy(load, desk->load, sizeof(load));
        sim_world_step(&world);
        assert_memory_equal(resident->mood_before, mood, sizeof(mood));
        assert_memory_equal(desk->load_before, load, sizeof(load));
        assert_memory_not_equal(resident->mood, mood, sizeof(mood));
        assert_memory_not_equal(desk->load, load, sizeof(load));
    }
    assert_no_faults();
    sim_world_free(&world);
}

/* Observations */

static void
means_are_weighted_and_nan_without_weight(void **state)
{
    (void) state;
    struct sim_world world;
    double row[ROW], ages[2] = { 0, 0 }, weight[2] = { 0, 0 }, mood = 0;
    found_town(&world, &standard_town, 1);
    sim_world_step(&world);
    sim_world_observe(&world, row);
    for (uint32_t r = 0; r < 3; r++) {
        for (uint32_t b = 0; b < 4; b++) {
            const struct resident *resident = sim_world_view(&world)->below[r]->below[b]->agents[RESIDENT];
            double here = 0;
            for (uint32_t i = 0; i < residents_at(r, b); i++) {
                ages[i % 2] += resident->age[i];
                weight[i % 2] += 1;
                here += (double) resident->mood[i];
            }
            mood += here;
        }
    }
    assert_true(row[MOOD] == mood / (weight[0] + weight[1]));
    assert_true(row[BY_PARITY] == ages[0] / weight[0]);
    assert_true(row[BY_PARITY + 1] == ages[1] / weight[1]);
    assert_true(row[BY_PARITY] != row[BY_PARITY + 1]);
    assert_true(isnan(row[BY_PARITY + 2]));
    assert_true(row[BUDGET] == ((const struct mayor *) sim_world_view(&world)->agents[MAYOR])->budget[0]);
    sim_world_free(&world);
}

static void
counts_are_exact_and_totals_need_no_weight(void **state)
{
    (void) state;
    struct sim_world world;
    double row[ROW];
    int64_t load = 0;
    found_town(&world, &standard_town, 3);
    sim_world_step(&world);
    sim_world_observe(&world, row);
    for (uint32_t r = 0; r < 3; r++) {
        const struct desk *desk = sim_world_view(&world)->below[r]->agents[DESK];
        load += desk->load[0] + desk->load[1];
    }
    assert_true(row[MANY] == 12 * (0x1p40 + 1));
    assert_true(row[MANY + 1] == 0);
    assert_true(row[MANY + 2] == 12);
    assert_true(row[LOAD] == (double) load);
    sim_world_free(&world);
}

static void
places_are_added_in_their_order_whatever_the_threads(void **state)
{
    (void) state;
    double forward = 0, backward = 0;
    for (uint32_t i = 0; i < 12; i++) {
        forward += awkward(i / 4, i % 4);
        backward += awkward((11 - i) / 4, (11 - i) % 4);
    }
    assert_true(forward != backward);
    for (int threads = 1; threads <= 7; threads++) {
        struct sim_world world;
        double row[ROW];
        found_town(&world, &standard_town, threads);
        sim_world_observe(&world, row);
        assert_true(row[AWKWARD] == forward);
        sim_world_free(&world);
    }
}

static void
looking_twice_sees_the_same(void **state)
{
    (void) state;
    struct sim_world world;
    double first[ROW], again[ROW];
    found_town(&world, &standard_town, 2);
    sim_world_step(&world);
    sim_world_observe(&world, first);
    sim_world_observe(&world, again);
    assert_memory_equal(first, again, sizeof(first));
    assert_no_faults();
    sim_world_free(&world);
}

/* The same for all models */

#define MONTHS 12

struct case_of_model {
    const char *model;
    const char *settings[8][2];
};

static const struct case_of_model cases[] = {
    { "null", { { "city.streets", "2" }, { "city.communities", "3" }, { "city.residents", "40" } } },
    { "influence",
        { { "city.streets", "2" }, { "city.communities", "5" }, { "city.residents", "333" },
            { "network.kind", "small_world" }, { "choice.spread", "0.5" }, { "switches.feedback", "on" },
            { "choice.revision_probability", "0.6" } } },
    { "cogov",
        { { "city.streets", "2" }, { "city.communities", "3" }, { "city.residents", "uniform(150, 400)" } } },
};

static void *
params_of(const struct case_of_model *chosen, const struct sim_model *model)
{
    char why[256];
    void *params = malloc(model->fields.size);
    assert_non_null(params);
    assert_int_equal(sim_fields_defaults(&model->fields, params, NULL), SIM_OK);
    for (int i = 0; i < 8 && chosen->settings[i][0] != NULL; i++) {
        const struct sim_field *field = sim_fields_find(&model->fields, chosen->settings[i][0]);
        assert_non_null(field);
        assert_int_equal(sim_field_parse(field, chosen->settings[i][1], params, why, sizeof(why)), SIM_OK);
    }
    return params;
}

static double *
history(const struct sim_model *model, const void *params, int threads, size_t *bytes)
{
    struct sim_world world;
    assert_int_equal(sim_world_init(&world, model, params, key, threads), SIM_OK);
    *bytes = (size_t) MONTHS * world.row * sizeof(double);
    double *rows = malloc(*bytes);
    assert_non_null(rows);
    for (uint32_t t = 0; t < MONTHS; t++) {
        sim_world_step(&world);
        sim_world_observe(&world, rows + (size_t) t * world.row);
    }
    sim_world_free(&world);
    return rows;
}

static void
assert_same_bits(const struct sim_model *model, const void *params)
{
    const int threads[] = { 2, 3, 7 };
    size_t bytes, more;
    double *alone = history(model, params, 1, &bytes);
    for (size_t i = 0; i < SIM_COUNT_OF(threads); i++) {
        double *shared = history(model, params, threads[i], &more);
        assert_int_equal(more, bytes);
        if (memcmp(shared, alone, bytes) != 0) {
            fail_msg("%s: other numbers with %d threads", model->name, threads[i]);
        }
        free(shared);
    }
    free(alone);
}

static void
same_bits_for_any_number_of_threads(void **state)
{
    (void) state;
    assert_same_bits(&town_model, &standard_town);
    assert_no_faults();
    for (size_t c = 0; c < SIM_COUNT_OF(cases); c++) {
        const struct sim_model *model = models_find(cases[c].model, NULL);
        assert_non_null(model);
        void *params = params_of(&cases[c], model);
        assert_same_bits(model, params);
        free(params);
    }
}

static void
assert_month_takes_no_memory(const struct sim_model *model, const void *params, int threads)
{
    struct sim_world world;
    double row[512];
    assert_int_equal(sim_world_init(&world, model, params, key, threads), SIM_OK);
    assert_true(world.row <= SIM_COUNT_OF(row));
    assert_true(memory_requests > 0); /* they are counted */
    memory_fails_at(0, 0);
    for (int t = 0; t < MONTHS; t++) {
        sim_world_step(&world);
        sim_world_observe(&world, row);
    }
    assert_int_equal(memory_requests, 0);
    sim_world_free(&world);
}

static void
nothing_takes_memory_in_the_month(void **state)
{
    (void) state;
    for (int threads = 1; threads <= 3; threads += 2) {
        assert_month_takes_no_memory(&town_model, &standard_town, threads);
        for (size_t c = 0; c < SIM_COUNT_OF(cases); c++) {
            const struct sim_model *model = models_find(cases[c].model, NULL);
            void *params = params_of(&cases[c], model);
            assert_month_takes_no_memory(model, params, threads);
            free(params);
        }
    }
}

/* Memory that runs out */

static void
assert_every_refusal_is_told(const struct sim_model *model, const void *params, int threads, long at_least)
{
    long n, live = memory_live;
    for (n = 1;; n++) {
        struct sim_world world;
        memory_fails_at(n, 0);
        int ret = sim_world_init(&world, model, params, key, threads);
        long requests = memory_requests;
        memory_fails_at(0, 0);
        if (requests < n) {
            assert_int_equal(ret, SIM_OK);
            sim_world_free(&world);
            assert_int_equal(memory_live, live);
            break;
        }
        assert_int_equal(ret, SIM_ERR_MEMORY);
        assert_int_equal(memory_live, live);
        sim_world_free(&world);
    }
    assert_true(n > at_least);
}

static void
no_refused_request_is_lost_or_leaks(void **state)
{
    (void) state;
    struct town small = { 1, 2, 1, SIM_NETWORK_SMALL_WORLD };
    assert_every_refusal_is_told(&town_model, &small, 1, 25);
    assert_every_refusal_is_told(&town_model, &small, 3, 25);
    for (size_t c = 0; c < SIM_COUNT_OF(cases); c++) {
        const struct sim_model *model = models_find(cases[c].model, NULL);
        void *params = params_of(&cases[c], model);
        assert_every_refusal_is_told(model, params, 1, 30);
        free(params);
    }
}

static void
a_world_that_failed_can_be_freed_and_so_twice(void **state)
{
    (void) state;
    struct sim_world world, empty;
    memset(&empty, 0, sizeof(empty));
    memset(&world, 0xa5, sizeof(world));
    memory_fails_at(5, 1);
    assert_int_equal(sim_world_init(&world, &town_model, &standard_town, key, 2), SIM_ERR_MEMORY);
    sim_world_free(&world);
    sim_world_free(&world);
    assert_memory_equal(&world, &empty, sizeof(world));
    memory_fails_at(0, 0);
    found_town(&world, &standard_town, 2);
    sim_world_free(&world);
    sim_world_free(&world);
    assert_memory_equal(&world, &empty, sizeof(world));
}

/* Time */

static void
seconds_are_counted_only_when_asked_for(void **state)
{
    (void) state;
    struct sim_world world;
    struct town town = standard_town;
    town.second = 0;
    found_town(&world, &town, 2);
    sim_world_step(&world);
    for (uint32_t p = 0; p < PHASES; p++) {
        assert_true(sim_world_phase_seconds(&world, p) == 0);
    }
    world.timed = 1;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int t = 0; t < 20; t++) {
        sim_world_step(&world);
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double passed = (double) (to.tv_sec - from.tv_sec) + 1e-9 * (double) (to.tv_nsec - from.tv_nsec), sum = 0;
    for (uint32_t p = 0; p < PHASES; p++) {
        double seconds = sim_world_phase_seconds(&world, p);
        assert_int_equal(seconds > 0, p != SECOND);
        sum += seconds;
    }
    assert_true(sum < 2 * passed);
    sim_world_free(&world);
}

/* What a model may leave out, and what it says */

static void
bare_setup(const struct sim_view *view)
{
    EXPECT(view->agents != NULL);
}

static void
a_model_without_phases_observations_and_agents_still_runs(void **state)
{
    (void) state;
    struct sim_model bare = { .name = "bare",
        .extent = town_extent,
        .size = town_size,
        .setup = bare_setup,
        .size_stream = STREAM_SIZE,
        .kinds = kinds,
        .n_kinds = KINDS };
    struct sim_world world;
    char why[8] = "";
    assert_int_equal(sim_world_init(&world, &bare, &standard_town, key, 2), SIM_OK);
    sim_world_step(&world);
    sim_world_observe(&world, NULL);
    assert_int_equal(world.row, 0);
    assert_int_equal(sim_world_verify(&world, why, sizeof(why)), SIM_OK);
    assert_no_faults();
    sim_world_free(&world);
}

static void
what_the_model_finds_wrong_is_passed_on(void **state)
{
    (void) state;
    struct sim_world world;
    char why[64];
    found_town(&world, &standard_town, 1);
    sim_world_step(&world);
    assert_int_equal(sim_world_verify(&world, why, sizeof(why)), SIM_OK);
    sim_world_step(&world);
    assert_int_equal(sim_world_verify(&world, why, sizeof(why)), SIM_ERR_STATE);
    assert_string_equal(why, "month 2 is a bad one");
    sim_world_free(&world);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, forget)
    const struct CMUnitTest tests[] = {
        TEST(places_are_set_up_from_the_world_down),
        TEST(threads_set_up_every_place_once_and_settle_comes_last),
        TEST(views_know_their_place_and_those_above_and_below),
        TEST(columns_are_aligned_and_apart),
        TEST(each_block_has_the_ties_of_its_own_plan_and_stream),
        TEST(phases_run_in_the_listed_order_at_each_place),
        TEST(a_switch_leaves_its_phase_out_and_no_other),
        TEST(every_place_is_done_before_the_next_scope_whatever_the_threads),
        TEST(snapshots_hold_the_start_of_the_month),
        TEST(means_are_weighted_and_nan_without_weight),
        TEST(counts_are_exact_and_totals_need_no_weight),
        TEST(places_are_added_in_their_order_whatever_the_threads),
        TEST(looking_twice_sees_the_same),
        TEST(same_bits_for_any_number_of_threads),
        TEST(nothing_takes_memory_in_the_month),
        TEST(no_refused_request_is_lost_or_leaks),
        TEST(a_world_that_failed_can_be_freed_and_so_twice),
        TEST(seconds_are_counted_only_when_asked_for),
        TEST(a_model_without_phases_observations_and_agents_still_runs),
        TEST(what_the_model_finds_wrong_is_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
