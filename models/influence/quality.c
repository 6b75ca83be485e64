/* quality.c - the quality of a community's services, which residents help to produce.
 *
 *     q <- q + k_q (q_0 + a p - q),   cut to [0, 1]
 *
 * p: share of residents active this month; q_0: quality that government, committee and providers give alone;
 * a: what co-production adds. A community without residents has p = 0. Left out without feedback.
 */
#include "models/influence/influence.h"

#include "sim/vector.h"

void
influence_quality(const struct sim_view *view)
{
    const struct influence_params *p = view->params;
    double *quality = influence_service_of(view)->quality;
    uint32_t residents = influence_resident_count(view);
    double share = residents > 0 ? (double) influence_count_active(view) / (double) residents : 0;
    *quality =
        sim_unit(*quality + p->quality_rate * (p->quality_base + p->quality_coproduction * share - *quality));
}
