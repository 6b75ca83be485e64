"use strict";
/* names.js - headers of tables, and the Chinese of names that the program writes and for which a file has none; labels have theirs in the file. */

/* Headers of tables; in CSV a column keeps its name. */
const COLUMNS = {
    observation: { en: "observation", zh: "指标" },
    label: { en: "kind", zh: "类别" },
    unit: { en: "unit", zh: "单位" },
    period: { en: "period", zh: "时期" },
    first_tick: { en: "first month", zh: "起始月" },
    last_tick: { en: "last month", zh: "截止月" },
    n: { en: "runs", zh: "运行数" },
    mean_a: { en: "mean A", zh: "A 均值" },
    mean_b: { en: "mean B", zh: "B 均值" },
    difference: { en: "B − A [95 %]", zh: "B − A [95%]" },
    low: { en: "low", zh: "下限" },
    high: { en: "high", zh: "上限" },
    bootstrap_low: { en: "bootstrap low", zh: "自助法下限" },
    bootstrap_high: { en: "bootstrap high", zh: "自助法上限" },
    effect_size: { en: "effect size", zh: "效应量" },
    superiority: { en: "P(B > A)", zh: "P(B > A)" },
    p: { en: "p", zh: "p 值" },
    p_holm: { en: "p (Holm)", zh: "p 值（Holm）" },
    ratio: { en: "gain of pairing", zh: "配对增益" },
    trend_a: { en: "trend in A", zh: "A 仍有趋势" },
    trend_b: { en: "trend in B", zh: "B 仍有趋势" },
    scenario: { en: "scenario", zh: "情景" },
    place: { en: "places", zh: "单元" },
    n_places: { en: "number of places", zh: "单元数" },
    q5: { en: "5 %", zh: "5%" },
    q25: { en: "25 %", zh: "25%" },
    q50: { en: "median", zh: "中位数" },
    q75: { en: "75 %", zh: "75%" },
    q95: { en: "95 %", zh: "95%" },
    gini: { en: "Gini", zh: "基尼系数" },
    p90_p10: { en: "90 % / 10 %", zh: "90%/10% 之比" },
    tick: { en: "month", zh: "月份" },
    median: { en: "median", zh: "中位数" },
    low80: { en: "80 %, low", zh: "80% 下限" },
    high80: { en: "80 %, high", zh: "80% 上限" },
    low50: { en: "50 %, low", zh: "50% 下限" },
    high50: { en: "50 %, high", zh: "50% 上限" },
    value: { en: "mean", zh: "均值" },
    group: { en: "group", zh: "参数组" },
    shapley: { en: "contribution", zh: "贡献" },
    one_in: { en: "alone in A", zh: "在 A 中单独改变" },
    one_out: { en: "changed last", zh: "最后改变" },
    first: { en: "first", zh: "第一项" },
    second: { en: "second", zh: "第二项" },
    factor: { en: "parameter", zh: "参数" },
    mu: { en: "μ", zh: "μ" },
    mu_star: { en: "μ*", zh: "μ*" },
    sigma: { en: "σ", zh: "σ" },
    total: { en: "total", zh: "总效应" },
    pawn: { en: "PAWN", zh: "PAWN" },
    pawn_max: { en: "PAWN, largest", zh: "PAWN 最大值" },
    dummy: { en: "dummy", zh: "虚拟参数" },
    design: { en: "design point", zh: "设计点" },
    replicate: { en: "replicate", zh: "重复" },
    reason: { en: "reason", zh: "原因" },
    cost: { en: "cost", zh: "成本" },
    on_front: { en: "on the front", zh: "位于前沿" },
    probability_on_front: { en: "probability", zh: "概率" },
    within_budget: { en: "within the budget", zh: "预算之内" }
};

/* Groups of parameters whose name in a scenario is not quite English. */
const GROUPS_EN = { burden: "burden reduction", purchase: "government purchase", linkage: "three-society linkage", party: "party building" };

const GROUPS_ZH = {
    city: "城区", residents: "居民", needs: "需求", committee: "居委会", burden: "减负", empowerment: "赋权", party: "党建", deliberation: "协商",
    participation: "居民参与", linkage: "三社联动", purchase: "政府购买服务", payment: "付款", organisations: "社会组织", firms: "物业企业",
    tiers: "层级", platform: "平台", attitudes: "居民态度", government: "政府", initial: "初始状态", switches: "规则开关", events: "事件"
};

const LABELS_EN = { "18": "18 to 29", "30": "30 to 39", "40": "40 to 49", "50": "50 to 59", "60": "60 to 69", "70+": "70 and over" };

const UNITS_ZH = {
    persons: "人", month: "月", months: "月", years: "年", "1/month": "1/月", tickets: "件", incidents: "起", contracts: "份", bids: "份", leaders: "人",
    groups: "个", organisations: "个", innovations: "项", items: "项", ties: "条", streets: "个", communities: "个", "CNY per ticket": "元/件",
    "CNY per resident": "元/人", "CNY per resident and month": "元/（人·月）", "CNY per resident and year": "元/（人·年）",
    "tickets per 10,000 residents and month": "件/（万人·月）", "persons per 10,000 residents": "人/万人", CNY: "元"
};

const PLACES_ZH = { community: "社区", street: "街道" };

/* Kinds of design as a methods section names them. */
const DESIGNS = {
    none: { en: "scenarios as they are", zh: "按情景原样运行" },
    grid: { en: "grid, every combination", zh: "网格设计（全部组合）" },
    "one-at-a-time": { en: "one at a time", zh: "逐一变动" },
    lhs: { en: "Latin hypercube", zh: "拉丁超立方抽样" },
    sobol: { en: "Sobol’ sequence", zh: "Sobol’ 序列" },
    morris: { en: "Morris trajectories", zh: "Morris 轨道设计" },
    saltelli: { en: "Saltelli’s design", zh: "Saltelli 设计" },
    attribution: { en: "attribution of groups", zh: "分组归因设计" },
    list: { en: "list of points", zh: "逐点列出" }
};
