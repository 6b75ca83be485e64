/* test_network.c - ties are mutual and proper, their number is kept, and small worlds are small. */
#include "sim/network.h"

#include "sim/error.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct sim_stream somewhere = { { 1, 2 }, 3, 4 };

static struct sim_network
build_at(enum sim_network_kind kind, uint32_t count, uint32_t degree, double rewire, struct sim_stream stream)
{
    struct sim_network network;
    struct sim_network_plan plan = { kind, count, degree, rewire };
    assert_int_equal(sim_network_init(&network, &plan, stream), SIM_OK);
    return network;
}

static struct sim_network
small_world(uint32_t count, uint32_t degree, double rewire)
{
    return build_at(SIM_NETWORK_SMALL_WORLD, count, degree, rewire, somewhere);
}

static uint32_t
neighbour(const struct sim_network *network, uint32_t tie)
{
    return network->narrow != NULL ? network->narrow[tie] : network->wide[tie];
}

static int
are_tied(const struct sim_network *network, uint32_t a, uint32_t b)
{
    for (uint32_t tie = network->start[a]; tie < network->start[a + 1]; tie++) {
        if (neighbour(network, tie) == b) {
            return 1;
        }
    }
    return 0;
}

static void
assert_proper(const struct sim_network *network, uint32_t degree)
{
    uint32_t *seen = calloc(network->count + 1, sizeof(*seen));
    assert_non_null(seen);
    assert_int_equal(network->start[0], 0);
    assert_int_equal(network->start[network->count], network->count * degree);
    assert_true((network->narrow != NULL) == (network->count <= 65536)
        && (network->wide != NULL) != (network->narrow != NULL));
    for (uint32_t i = 0; i < network->count; i++) {
        assert_int_equal(sim_network_degree(network, i), network->start[i + 1] - network->start[i]);
        assert_true(sim_network_degree(network, i) >= degree / 2);
        for (uint32_t tie = network->start[i]; tie < network->start[i + 1]; tie++) {
            uint32_t other = neighbour(network, tie);
            assert_in_range(other, 0, network->count - 1);
            assert_int_not_equal(other, i);
            assert_int_not_equal(seen[other], i + 1); /* twice in one row */
            seen[other] = i + 1;
            assert_true(are_tied(network, other, i));
        }
    }
    free(seen);
}

static void
ties_are_mutual_without_loops_or_doubles(void **state)
{
    static const uint32_t counts[] = { 3, 4, 5, 9, 13, 100, 257, 7700 };
    static const double rewires[] = { 0, 0.1, 0.5, 1 };
    (void) state;
    for (size_t c = 0; c < sizeof(counts) / sizeof(*counts); c++) {
        for (size_t r = 0; r < sizeof(rewires) / sizeof(*rewires); r++) {
            struct sim_network network = small_world(counts[c], 12, rewires[r]);
            uint32_t most = (counts[c] - 1) / 2 * 2;
            assert_proper(&network, most < 12 ? most : 12);
            sim_network_free(&network);
        }
    }
}

static void
six_agents_on_a_ring_of_degree_four(void **state)
{
    static const int tied[6][6] = {
        { 0, 1, 1, 0, 1, 1 },
        { 1, 0, 1, 1, 0, 1 },
        { 1, 1, 0, 1, 1, 0 },
        { 0, 1, 1, 0, 1, 1 },
        { 1, 0, 1, 1, 0, 1 },
        { 1, 1, 0, 1, 1, 0 },
    };
    struct sim_network network = build_at(SIM_NETWORK_RING, 6, 4, 0.5, somewhere);
    (void) state;
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(sim_network_degree(&network, i), 4);
        for (uint32_t j = 0; j < 6; j++) {
            assert_int_equal(are_tied(&network, i, j), tied[i][j]);
        }
    }
    sim_network_free(&network);
}

static int
same_ties(const struct sim_network *a, const struct sim_network *b)
{
    return a->count == b->count && memcmp(a->start, b->start, (a->count + 1) * sizeof(*a->start)) == 0
        && memcmp(a->narrow, b->narrow, a->start[a->count] * sizeof(*a->narrow)) == 0;
}

static void
without_rewiring_a_small_world_is_the_ring(void **state)
{
    (void) state;
    for (uint32_t count = 1; count < 600; count += 7) {
        struct sim_network ring = build_at(SIM_NETWORK_RING, count, 8, 0, somewhere);
        struct sim_network world = small_world(count, 8, 0);
        assert_true(same_ties(&ring, &world));
        for (uint32_t i = 0; i < count && count > 9; i++) {
            for (uint32_t j = 1; j <= 4; j++) {
                assert_true(are_tied(&world, i, (i + j) % count));
            }
        }
        sim_network_free(&ring);
        sim_network_free(&world);
    }
}

static void
ties_are_a_function_of_the_stream(void **state)
{
    struct sim_stream elsewhere = somewhere;
    (void) state;
    elsewhere.place++;
    struct sim_network one = small_world(1000, 8, 0.1);
    struct sim_network again = small_world(1000, 8, 0.1);
    struct sim_network other = build_at(SIM_NETWORK_SMALL_WORLD, 1000, 8, 0.1, elsewhere);
    assert_true(same_ties(&one, &again));
    assert_false(same_ties(&one, &other));
    sim_network_free(&one);
    sim_network_free(&again);
    sim_network_free(&other);
}

/* Agents are numbered by degree within windows, so whether a tie was rewired shows as a distance on the ring
 * beyond a window. */
static void
the_rewired_share_is_the_one_asked_for(void **state)
{
    enum { N = 50000, DEGREE = 10 };
    (void) state;
    for (double rewire = 0.05; rewire < 1; rewire += 0.3) {
        struct sim_network network = small_world(N, DEGREE, rewire);
        uint32_t far = 0;
        for (uint32_t i = 0; i < N; i++) {
            for (uint32_t tie = network.start[i]; tie < network.start[i + 1]; tie++) {
                uint32_t apart = (neighbour(&network, tie) + N - i) % N;
                far += apart > 520 && apart < N - 520;
            }
        }
        double share = (double) far / (N * DEGREE) / (1 - 1040.0 / N);
        double error = sqrt(rewire * (1 - rewire) / (N * DEGREE / 2));
        assert_true(fabs(share - rewire) < 5 * error + 0.0005);
        sim_network_free(&network);
    }
}

/* Mean over agents of the share of pairs of neighbours that are tied themselves. */
static double
clustering(const struct sim_network *network)
{
    double sum = 0;
    for (uint32_t i = 0; i < network->count; i++) {
        uint32_t pairs = 0, closed = 0;
        for (uint32_t a = network->start[i]; a < network->start[i + 1]; a++) {
            for (uint32_t b = a + 1; b < network->start[i + 1]; b++) {
                pairs++;
                closed += (uint32_t) are_tied(network, neighbour(network, a), neighbour(network, b));
            }
        }
        sum += pairs > 0 ? (double) closed / pairs : 0;
    }
    return sum / network->count;
}

/* Mean steps from agent 0 to all it can reach. */
static double
path_length(const struct sim_network *network)
{
    uint32_t *queue = calloc(network->count, sizeof(*queue)), *steps = calloc(network->count, sizeof(*steps));
    uint32_t reached = 1;
    double sum = 0;
    assert_true(queue != NULL && steps != NULL);
    for (uint32_t head = 0; head < reached; head++) {
        uint32_t i = queue[head];
        for (uint32_t tie = network->start[i]; tie < network->start[i + 1]; tie++) {
            uint32_t other = neighbour(network, tie);
            if (other != 0 && steps[other] == 0) {
                steps[other] = steps[i] + 1;
                sum += steps[other];
                queue[reached++] = other;
            }
        }
    }
    free(queue);
    free(steps);
    return sum / (reached - 1);
}

/* On the ring both are known: clustering 3 (d - 2) / 4 (d - 1) and mean distance about n / 2 d. */
static void
rewiring_lowers_path_length_first_and_clustering_later(void **state)
{
    enum { N = 4000, DEGREE = 10 };
    static const double rewires[] = { 0, 0.01, 0.1, 1 };
    double c[4], l[4];
    (void) state;
    for (int r = 0; r < 4; r++) {
        struct sim_network network = small_world(N, DEGREE, rewires[r]);
        c[r] = clustering(&network);
        l[r] = path_length(&network);
        sim_network_free(&network);
    }
    assert_true(fabs(c[0] - 3.0 * (DEGREE - 2) / (4 * (DEGREE - 1))) < 1e-12);
    assert_true(fabs(l[0] - N / (2.0 * DEGREE)) < 1);
    assert_true(c[0] > c[1] && c[1] > c[2] && c[2] > c[3]);
    assert_true(l[0] > l[1] && l[1] > l[2] && l[2] > l[3]);
    assert_true(c[1] > 0.9 * c[0] && l[1] < 0.15 * l[0]);    /* the small world */
    assert_true(fabs(c[2] / c[0] - 0.9 * 0.9 * 0.9) < 0.02); /* all three ties of a triangle stay */
    assert_true(c[3] < 0.01);
}

/* Number says place on the ring to within a window, and next to nothing about degree. */
static void
degrees_rise_only_within_windows(void **state)
{
    enum { N = 5120, WINDOW = 256 };
    struct sim_network network = small_world(N, 8, 0.3);
    double sum = 0, number_sum = 0;
    (void) state;
    for (uint32_t i = 0; i < N; i++) {
        uint32_t degree = sim_network_degree(&network, i);
        if (i % WINDOW != 0) {
            assert_true(degree >= sim_network_degree(&network, i - 1));
        }
        sum += degree - 8.0;
        number_sum += (degree - 8.0) * (i / (N - 1.0) - 0.5);
    }
    assert_true(sum == 0);
    /* Variance of the degree is at most 8; of the number 1/12; the trend inside windows adds at most 1/20 of
     * a correlation. */
    assert_true(fabs(number_sum / N) < 0.06 * sqrt(8.0 / 12));
    sim_network_free(&network);
}

/* The same ties in rows of the other width. */
static struct sim_network
widened(const struct sim_network *narrow)
{
    struct sim_network wide = *narrow;
    uint32_t ties = narrow->start[narrow->count];
    wide.narrow = NULL;
    wide.wide = calloc(ties, sizeof(*wide.wide));
    assert_non_null(wide.wide);
    for (uint32_t tie = 0; tie < ties; tie++) {
        wide.wide[tie] = narrow->narrow[tie];
    }
    return wide;
}

static void
narrow_and_wide_rows_give_the_same_sums(void **state)
{
    enum { N = 3000 };
    static uint8_t x8[N];
    static uint16_t x16[N];
    static float x32[N], f_narrow[N], f_wide[N];
    static uint32_t narrow[N], wide[N];
    struct sim_network network = small_world(N, 8, 0.2);
    struct sim_network other = widened(&network);
    (void) state;
    for (uint32_t i = 0; i < N; i++) {
        x8[i] = (uint8_t) (i * 37 % 251);
        x16[i] = (uint16_t) (i * 7919 % 65521);
        x32[i] = (float) sim_draw(somewhere, i, 0);
    }
    sim_network_sum_u8(&network, x8, narrow);
    sim_network_sum_u8(&other, x8, wide);
    assert_memory_equal(narrow, wide, sizeof(narrow));
    for (uint32_t i = 0; i < N; i++) {
        uint32_t sum = 0;
        for (uint32_t tie = network.start[i]; tie < network.start[i + 1]; tie++) {
            sum += x8[network.narrow[tie]];
        }
        assert_int_equal(narrow[i], sum);
    }
    sim_network_sum_u16(&network, x16, narrow);
    sim_network_sum_u16(&other, x16, wide);
    assert_memory_equal(narrow, wide, sizeof(narrow));
    sim_network_sum_f32(&network, x32, f_narrow);
    sim_network_sum_f32(&other, x32, f_wide);
    assert_memory_equal(f_narrow, f_wide, sizeof(f_narrow));
    free(other.wide);
    sim_network_free(&network);
}

/* The sum of all sums counts each agent's value as often as it has neighbours. */
static void
rows_turn_wide_above_65536_agents(void **state)
{
    (void) state;
    for (uint32_t count = 65536; count <= 65537; count++) {
        struct sim_network network = small_world(count, 6, 0.1);
        assert_proper(&network, 6);
        uint8_t *x = calloc(count, 1);
        uint32_t *sum = calloc(count, sizeof(*sum));
        uint64_t all = 0, expected = 0;
        assert_true(x != NULL && sum != NULL);
        x[0] = 200;
        x[count - 1] = 100;
        sim_network_sum_u8(&network, x, sum);
        for (uint32_t i = 0; i < count; i++) {
            all += sum[i];
            expected += (uint64_t) x[i] * sim_network_degree(&network, i);
            assert_int_equal(sum[i], 200 * are_tied(&network, i, 0) + 100 * are_tied(&network, i, count - 1));
        }
        assert_true(all == expected);
        free(x);
        free(sum);
        sim_network_free(&network);
    }
}

static void
complete_sums_are_total_less_own(void **state)
{
    static const uint8_t x[5] = { 1, 2, 4, 8, 16 };
    static const uint32_t expected[5] = { 30, 29, 27, 23, 15 };
    uint32_t sum[5];
    float share[5];
    struct sim_network network = build_at(SIM_NETWORK_COMPLETE, 5, 8, 0.1, somewhere);
    (void) state;
    assert_null(network.start);
    assert_int_equal(network.bytes, 0);
    assert_int_equal(sim_network_degree(&network, 3), 4);
    sim_network_sum_u8(&network, x, sum);
    assert_memory_equal(sum, expected, sizeof(sum));
    sim_network_share(&network, sum, 1, 4, share);
    assert_true(share[0] == 29 / 4.0f && share[3] == 15 / 4.0f);
    sim_network_free(&network);
}

static void
shares_divide_by_the_degree_and_no_neighbour_means_none(void **state)
{
    enum { N = 1000 };
    static uint8_t x[N];
    static uint32_t sum[N];
    static float share[N];
    struct sim_network network = small_world(N, 8, 0.5);
    (void) state;
    for (uint32_t i = 0; i < N; i++) {
        x[i] = i % 3 == 0;
    }
    sim_network_sum_u8(&network, x, sum);
    sim_network_share(&network, sum, 100, N - 100, share);
    for (uint32_t i = 100; i < N; i++) {
        assert_true(share[i - 100] == (float) sum[i] / (float) sim_network_degree(&network, i));
    }
    sim_network_free(&network);

    network = build_at(SIM_NETWORK_NONE, N, 8, 0.5, somewhere);
    sim_network_sum_u8(&network, x, sum);
    sim_network_share(&network, sum, 0, N, share);
    for (uint32_t i = 0; i < N; i++) {
        assert_true(sum[i] == 0 && share[i] == 0 && sim_network_degree(&network, i) == 0);
    }
    sim_network_free(&network);
}

static void
communities_of_nobody_one_and_two_are_valid(void **state)
{
    static const uint8_t x[2] = { 1, 1 };
    uint32_t sum[2];
    float share[2];
    (void) state;
    for (int kind = SIM_NETWORK_NONE; kind <= SIM_NETWORK_SMALL_WORLD; kind++) {
        for (uint32_t count = 0; count <= 2; count++) {
            struct sim_network network = build_at((enum sim_network_kind) kind, count, 8, 0.9, somewhere);
            uint32_t neighbours = kind == SIM_NETWORK_COMPLETE && count == 2 ? 1 : 0;
            sim_network_sum_u8(&network, x, sum);
            sim_network_share(&network, sum, 0, count, share);
            for (uint32_t i = 0; i < count; i++) {
                assert_int_equal(sim_network_degree(&network, i), neighbours);
                assert_int_equal(sum[i], neighbours);
                assert_true(share[i] == (float) neighbours);
            }
            sim_network_free(&network);
            sim_network_free(&network); /* once more is fine */
        }
    }
}

static void
too_many_ties_are_refused(void **state)
{
    struct sim_network network;
    struct sim_network_plan plan = { SIM_NETWORK_RING, 100000, 90000, 0 };
    (void) state;
    assert_int_equal(sim_network_init(&network, &plan, somewhere), SIM_ERR_MEMORY);
    sim_network_free(&network);
}

static void
memory_is_counted(void **state)
{
    struct sim_network network = small_world(1000, 8, 0.1);
    (void) state;
    assert_int_equal(network.bytes, 1001 * 4 + 8000 * 2);
    sim_network_free(&network);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_are_mutual_without_loops_or_doubles),
        cmocka_unit_test(six_agents_on_a_ring_of_degree_four),
        cmocka_unit_test(without_rewiring_a_small_world_is_the_ring),
        cmocka_unit_test(ties_are_a_function_of_the_stream),
        cmocka_unit_test(the_rewired_share_is_the_one_asked_for),
        cmocka_unit_test(rewiring_lowers_path_length_first_and_clustering_later),
        cmocka_unit_test(degrees_rise_only_within_windows),
        cmocka_unit_test(narrow_and_wide_rows_give_the_same_sums),
        cmocka_unit_test(rows_turn_wide_above_65536_agents),
        cmocka_unit_test(complete_sums_are_total_less_own),
        cmocka_unit_test(shares_divide_by_the_degree_and_no_neighbour_means_none),
        cmocka_unit_test(communities_of_nobody_one_and_two_are_valid),
        cmocka_unit_test(too_many_ties_are_refused),
        cmocka_unit_test(memory_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
