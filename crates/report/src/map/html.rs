//! The map as a page that stands alone: the figure, and every statement in a table with search.

use super::Map;
use crate::DISCLAIMER;
use minijinja::{AutoEscape, Environment, Value, context};

pub(super) fn page(map: &Map) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let name = |id: &str| map.node(id).map_or(id.to_string(), |node| node.name.clone());
    let statements: Vec<Value> = map
        .edges
        .iter()
        .map(|it| {
            context! {
                id => &it.id,
                from => name(&it.from),
                effect => it.effect.replace('_', " "),
                to => name(&it.to),
                direction => it.direction.replace('_', " "),
                route => it.route.replace('_', " "),
                tier => &it.tier,
                supports => it.supports.0,
                against => it.against.0,
                contested => it.contested,
                organisms => it.organisms.join(", "),
                findings => &it.findings,
                papers => it.papers.iter().map(|(text, url)| context! { text, url }).collect::<Vec<Value>>(),
            }
        })
        .collect();
    let context = context! {
        title => &map.title,
        citation => &map.citation,
        disclaimer => DISCLAIMER,
        // The figure escapes its own texts.
        figure => Value::from_safe_string(map.svg()),
        statements,
    };
    environment.render_str(PAGE, context).unwrap_or_else(|error| format!("<!-- internal error: {error} -->\n"))
}

const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
body { font: 15px/1.45 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; margin: 1.5rem auto; max-width: 80rem; padding: 0 1rem; color: #111 }
svg { width: 100%; height: auto; border: 1px solid #ddd }
.arrow.dim { opacity: .08 }
label { display: block; margin: 1rem 0 .5rem; font-weight: 600 }
input { font: inherit; width: 100%; max-width: 40rem; padding: .4rem .6rem; border: 1px solid #777; border-radius: .3rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #e2e2e2 }
thead th { position: sticky; top: 0; background: #fff }
.small { color: #555; font-size: 13px }
</style>
</head>
<body>
<h1>{{ title }}</h1>
{{ figure }}
<label for="search">Search statements, findings and papers</label>
<input id="search" type="search" placeholder="for example: hemichannel mouse" autocomplete="off">
<p class="small" id="count" aria-live="polite">{{ statements | length }} statements</p>
<table>
<thead><tr><th>Statement</th><th>Between</th><th>Leaves by</th><th>Tier</th><th>Papers for : against</th><th>Findings</th></tr></thead>
<tbody>
{% for it in statements %}<tr data-id="{{ it.id }}"><td>{{ it.from }} <b>{{ it.effect }}</b> {{ it.to }}<br><span class="small">{{ it.id }}</span></td><td>{{ it.direction }}</td><td>{{ it.route }}</td><td>{{ it.tier }}{% if it.contested %}<br><span class="small">contested</span>{% endif %}</td><td>{{ it.supports }} : {{ it.against }}</td><td>{% for finding in it.findings %}<p>{{ finding }}</p>{% endfor %}<p class="small">{% for paper in it.papers %}{% if paper.url %}<a href="{{ paper.url }}">{{ paper.text }}</a>{% else %}{{ paper.text }}{% endif %}{% if not loop.last %}; {% endif %}{% endfor %}</p></td></tr>
{% endfor %}</tbody>
</table>
<p class="small">{{ citation }}<br>{{ disclaimer }}</p>
<script>
const rows = [...document.querySelectorAll('tbody tr')].map(row => [row, row.textContent.toLowerCase()]);
document.getElementById('search').addEventListener('input', event => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const [row, text] of rows) {
    const fits = words.every(word => text.includes(word));
    row.hidden = !fits;
    shown += fits;
    const arrow = document.getElementById(row.dataset.id);
    if (arrow) arrow.classList.toggle('dim', !fits);
  }
  document.getElementById('count').textContent = shown + ' statements';
});
</script>
</body>
</html>
"#;
