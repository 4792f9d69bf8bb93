-- A document's grades are of the scale of its kind: three outcomes are never counted with four grades.

select
    judgements.judgement_id,
    judgements.framework_id,
    judgements.grade,
    grades.grade_scale_id,
from {{ ref('fct_judgements') }} as judgements
inner join {{ ref('dim_framework') }} as frameworks using (framework_id)
inner join {{ ref('dim_grade') }} as grades using (grade)
where grades.grade_scale_id is distinct from frameworks.grade_scale_id
