//! Mathematics: from MathML to [`Expression`].
//!
//! SBML uses a part of MathML's content markup: `apply` with an operator first, numbers `cn`, names `ci`, symbols with
//! a meaning of their own `csymbol`, constants, `piecewise`, and `lambda` in function definitions.

use crate::context::{Context, parse_number};
use crate::unit_definitions::AVOGADRO;
use crate::xml::Node;
use network::{Distribution, Expression, Function, Id};
use source::Diagnostic;
use std::collections::BTreeMap;
use units::Unit;

/// Names that mean something else in one formula: the local parameters of a kinetic law.
pub(crate) type Locals = BTreeMap<String, Id>;

/// The expression in the `math` of an element; `None` when there is none or, after an error, when it cannot be read.
pub(crate) fn expression_in(context: &mut Context<'_>, parent: Node, locals: &Locals) -> Option<Expression> {
    let content = content_in(context, parent)?;
    Translator { context, locals }.expression(content)
}

/// The arguments and body of the `lambda` in a function definition.
pub(crate) fn lambda_in(context: &mut Context<'_>, parent: Node) -> Option<(Vec<Id>, Expression)> {
    let lambda = content_in(context, parent)?;
    if context.document.name(lambda) != "lambda" {
        context.error(lambda, "a function definition must hold a `lambda`");
        return None;
    }
    let (bound, rest): (Vec<Node>, Vec<Node>) =
        context.document.children(lambda).iter().partition(|&&child| context.document.name(child) == "bvar");
    let [body] = rest[..] else {
        context.error(lambda, "a `lambda` must hold its arguments and one expression");
        return None;
    };
    let mut arguments = Vec::new();
    for variable in bound {
        let Some(name) = context.document.child(variable, "ci") else {
            context.error(variable, "a `bvar` must hold a `ci`");
            return None;
        };
        arguments.push(name_of(context, name)?);
    }
    let body = Translator { context, locals: &Locals::new() }.expression(body)?;
    Some((arguments, body))
}

/// What the `math` of an element holds; missing or empty math is an error except where the level lets it be absent.
fn content_in(context: &mut Context<'_>, parent: Node) -> Option<Node> {
    let content = context.document.child(parent, "math").and_then(|math| inside(context, math));
    if content.is_none() {
        let message = format!("`{}` has no mathematics", context.document.name(parent));
        if context.level.math_may_be_missing() {
            context.warn(parent, message + ", so it has no effect");
        } else {
            context.error(parent, message);
        }
    }
    content
}

/// The first expression inside, through any `semantics` that wrap it with annotations.
fn inside(context: &Context<'_>, node: Node) -> Option<Node> {
    let mut node = *context.document.children(node).first()?;
    while context.document.name(node) == "semantics" {
        node = *context.document.children(node).first()?;
    }
    Some(node)
}

fn name_of(context: &mut Context<'_>, node: Node) -> Option<Id> {
    let name = context.document.text(node);
    context.valid_identifier(node, name)
}

struct Translator<'t, 'a> {
    context: &'t mut Context<'a>,
    locals: &'t Locals,
}

impl Translator<'_, '_> {
    fn expression(&mut self, node: Node) -> Option<Expression> {
        let number = Expression::number;
        Some(match self.context.document.name(node) {
            "cn" => self.number(node)?,
            "ci" => Expression::Name(self.name(node)?),
            "csymbol" => self.symbol(node)?,
            "apply" => self.application(node)?,
            "piecewise" => self.piecewise(node)?,
            "semantics" => {
                let Some(content) = inside(self.context, node) else { return self.fail(node, "`semantics` is empty") };
                self.expression(content)?
            }
            "true" => number(1.0),
            "false" => number(0.0),
            "pi" => number(std::f64::consts::PI),
            "exponentiale" => number(std::f64::consts::E),
            "infinity" => number(f64::INFINITY),
            "notanumber" => number(f64::NAN),
            "lambda" => return self.fail(node, "a `lambda` outside a function definition"),
            other => {
                let message = format!("`{other}` is not part of the mathematics of SBML");
                return self.fail(node, message);
            }
        })
    }

    fn fail<T>(&mut self, node: Node, message: impl Into<String>) -> Option<T> {
        self.context.error(node, message);
        None
    }

    fn expressions(&mut self, nodes: &[Node]) -> Option<Vec<Expression>> {
        nodes.iter().map(|&node| self.expression(node)).collect()
    }

    /// The name in a `ci`, with local parameters in place of what they hide.
    fn name(&mut self, node: Node) -> Option<Id> {
        let name = self.context.document.text(node);
        match self.locals.get(name) {
            Some(local) => Some(local.clone()),
            None => name_of(self.context, node),
        }
    }

    fn number(&mut self, node: Node) -> Option<Expression> {
        let document = self.context.document;
        let (text, tail) = (document.text(node), document.tail(node));
        let kind = document.attribute(node, "type").unwrap_or("real");
        let value = match kind {
            "real" | "double" => parse_number(text),
            "integer" => parse_number(text).filter(|value| value.fract() == 0.0),
            // Read as one text, because 3 * 10^-1 is not the number nearest to 3e-1.
            "e-notation" => parse_number(&format!("{text}e{tail}")),
            "rational" => {
                parse_number(text).zip(parse_number(tail)).map(|(numerator, denominator)| numerator / denominator)
            }
            _ => {
                let message = format!("`{kind}` is not a type of number that SBML has");
                return self.fail(node, message);
            }
        };
        let Some(value) = value else {
            let shown = if tail.is_empty() { text.to_string() } else { format!("{text} {tail}") };
            let finding =
                Diagnostic::error(document.place(node), format!("this is not a number of type {kind}: `{shown}`"));
            self.context.findings.push(match text.to_ascii_lowercase().as_str() {
                "nan" => finding.hint("write `<notanumber/>` if it is meant"),
                "inf" | "infinity" => finding.hint("write `<infinity/>`"),
                _ => finding,
            });
            return None;
        };
        let unit = document.prefixed_attribute(node, "units").map(str::trim);
        let unit = unit.and_then(|name| self.context.unit_named(node, name));
        Some(Expression::Number(value, unit))
    }

    /// A `csymbol` used as a value.
    fn symbol(&mut self, node: Node) -> Option<Expression> {
        match self.meaning(node)? {
            Meaning::Time => Some(Expression::Time),
            Meaning::Avogadro => Some(Expression::Number(AVOGADRO, Some(Unit::dimensionless()))),
            Meaning::Delay | Meaning::RateOf => {
                self.fail(node, "`delay` and `rateOf` are functions: use them in an `apply`")
            }
            Meaning::Draw(distribution) => {
                let message = format!("`{}` is a function: use it in an `apply`", distribution.word());
                self.fail(node, message)
            }
        }
    }

    fn meaning(&mut self, node: Node) -> Option<Meaning> {
        let url = self.context.document.attribute(node, "definitionURL").unwrap_or("").trim();
        match url.strip_prefix("http://www.sbml.org/sbml/symbols/") {
            Some("time") => Some(Meaning::Time),
            Some("avogadro") => Some(Meaning::Avogadro),
            Some("delay") => Some(Meaning::Delay),
            Some("rateOf") => Some(Meaning::RateOf),
            Some(other) if other.starts_with("distrib/") => {
                let word = &other["distrib/".len()..];
                let Some(distribution) = Distribution::from_word(word) else {
                    return self.fail(node, format!("`{word}` is not a distribution of SBML"));
                };
                Some(Meaning::Draw(distribution))
            }
            _ => {
                let message = format!("a `csymbol` with the unknown meaning `{url}`");
                self.fail(node, message)
            }
        }
    }

    fn application(&mut self, node: Node) -> Option<Expression> {
        let document = self.context.document;
        let [operator, arguments @ ..] = document.children(node) else {
            return self.fail(node, "an `apply` needs an operator");
        };
        let operator = *operator;
        match document.name(operator) {
            "ci" => {
                let function = name_of(self.context, operator)?;
                Some(Expression::Defined(function, self.expressions(arguments)?))
            }
            "csymbol" => self.symbol_call(operator, arguments),
            "root" => self.with_qualifier(operator, "degree", 2.0, Function::Root, arguments),
            "log" => self.with_qualifier(operator, "logbase", 10.0, Function::Log, arguments),
            name => {
                let Some((function, arity)) = operator_of(name) else {
                    let message = format!("`{name}` is not an operator of SBML");
                    return self.fail(operator, message);
                };
                if !arity.allows(arguments.len()) {
                    let message = format!("`{name}` takes {}, not {}", arity.words(), arguments.len());
                    return self.fail(operator, message);
                }
                let arguments = self.expressions(arguments)?;
                self.call(operator, function, arity, arguments)
            }
        }
    }

    fn call(
        &mut self,
        node: Node,
        function: Function,
        arity: Arity,
        mut arguments: Vec<Expression>,
    ) -> Option<Expression> {
        match (arity, arguments.len()) {
            // MathML gives an operator without arguments the value that changes nothing.
            (Arity::Any { identity }, 0) => Some(Expression::number(identity)),
            (Arity::Any { .. }, 1) if matches!(function, Function::Add | Function::Multiply) => arguments.pop(),
            (Arity::Relation, 3..) => self.chain(node, function, arguments),
            _ => Some(Expression::Call(function, arguments)),
        }
    }

    /// `a < b < c` means `a < b and b < c`.
    fn chain(&mut self, node: Node, relation: Function, arguments: Vec<Expression>) -> Option<Expression> {
        for inner in &arguments[1..arguments.len() - 1] {
            let mut size = 0;
            inner.walk(&mut |_| size += 1);
            let Some(left) = self.context.copies_left.checked_sub(size) else {
                return self.fail(node, "relations of three or more arguments nest too deeply");
            };
            self.context.copies_left = left;
        }
        let links = arguments.windows(2).map(|pair| Expression::Call(relation, pair.to_vec())).collect();
        Some(Expression::Call(Function::And, links))
    }

    /// `root` and `log`, whose degree or base stands before the argument.
    fn with_qualifier(
        &mut self,
        operator: Node,
        qualifier: &str,
        default: f64,
        function: Function,
        arguments: &[Node],
    ) -> Option<Expression> {
        let name = self.context.document.name(operator);
        let (first, argument) = match arguments {
            [first, argument] if self.context.document.name(*first) == qualifier => {
                let Some(content) = inside(self.context, *first) else {
                    return self.fail(*first, format!("`{qualifier}` is empty"));
                };
                (self.expression(content)?, *argument)
            }
            [argument] => (Expression::number(default), *argument),
            _ => return self.fail(operator, format!("`{name}` takes one argument and, before it, `{qualifier}`")),
        };
        Some(Expression::Call(function, vec![first, self.expression(argument)?]))
    }

    fn symbol_call(&mut self, operator: Node, arguments: &[Node]) -> Option<Expression> {
        match self.meaning(operator)? {
            Meaning::Delay => {
                let [value, duration] = arguments else {
                    return self.fail(operator, "`delay` takes a value and a duration");
                };
                let value = self.expression(*value)?;
                Some(Expression::Delay(Box::new(value), Box::new(self.expression(*duration)?)))
            }
            Meaning::RateOf => match arguments {
                [target] if self.context.document.name(*target) == "ci" => {
                    Some(Expression::RateOf(self.name(*target)?))
                }
                _ => self.fail(operator, "`rateOf` takes one name"),
            },
            Meaning::Draw(distribution) => {
                if distribution.arguments(arguments).is_none() {
                    let (word, counts) = (distribution.word(), distribution.argument_counts());
                    let message = format!("`{word}` takes {counts} arguments, not {}", arguments.len());
                    return self.fail(operator, message);
                }
                Some(Expression::Draw(distribution, self.expressions(arguments)?, 0))
            }
            Meaning::Time | Meaning::Avogadro => self.fail(operator, "`time` and `avogadro` are not functions"),
        }
    }

    fn piecewise(&mut self, node: Node) -> Option<Expression> {
        let mut pieces = Vec::new();
        let mut otherwise = None;
        for &part in self.context.document.children(node) {
            match (self.context.document.name(part), self.context.document.children(part)) {
                ("piece", &[value, condition]) => {
                    let value = self.expression(value)?;
                    pieces.push((value, self.expression(condition)?));
                }
                ("otherwise", &[value]) if otherwise.is_none() => otherwise = Some(self.expression(value)?),
                ("piece", _) => return self.fail(part, "a `piece` needs a value and a condition"),
                ("otherwise", _) => return self.fail(part, "`otherwise` needs one value, and stands once"),
                (other, _) => {
                    let message = format!("`{other}` does not belong in a `piecewise`");
                    return self.fail(part, message);
                }
            }
        }
        match (pieces.is_empty(), otherwise) {
            (true, Some(value)) => Some(value),
            (true, None) => self.fail(node, "a `piecewise` without pieces has no value"),
            (false, otherwise) => Some(Expression::Piecewise(pieces, otherwise.map(Box::new))),
        }
    }
}

/// What a `csymbol` stands for.
enum Meaning {
    Time,
    Avogadro,
    Delay,
    RateOf,
    Draw(Distribution),
}

/// How many arguments an operator takes.
#[derive(Debug, Clone, Copy)]
enum Arity {
    Exactly(usize),
    OneOrTwo,
    OneOrMore,
    /// Two or more, each compared with the next.
    Relation,
    /// Any number; none at all gives the identity.
    Any {
        identity: f64,
    },
}

impl Arity {
    fn allows(self, count: usize) -> bool {
        match self {
            Self::Exactly(wanted) => count == wanted,
            Self::OneOrTwo => (1..=2).contains(&count),
            Self::OneOrMore => count >= 1,
            Self::Relation => count >= 2,
            Self::Any { .. } => true,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Exactly(1) => "one argument",
            Self::Exactly(_) => "two arguments",
            Self::OneOrTwo => "one or two arguments",
            Self::OneOrMore => "one or more arguments",
            Self::Relation => "two or more arguments",
            Self::Any { .. } => "any number of arguments",
        }
    }
}

/// Elements of MathML, the functions they mean, and how many arguments they take; `root` and `log` apart, which have
/// qualifiers.
const OPERATORS: &[(&str, Function, Arity)] = &[
    ("plus", Function::Add, Arity::Any { identity: 0.0 }),
    ("minus", Function::Subtract, Arity::OneOrTwo),
    ("times", Function::Multiply, Arity::Any { identity: 1.0 }),
    ("divide", Function::Divide, Arity::Exactly(2)),
    ("power", Function::Power, Arity::Exactly(2)),
    ("exp", Function::Exp, Arity::Exactly(1)),
    ("ln", Function::Ln, Arity::Exactly(1)),
    ("abs", Function::Abs, Arity::Exactly(1)),
    ("floor", Function::Floor, Arity::Exactly(1)),
    ("ceiling", Function::Ceiling, Arity::Exactly(1)),
    ("factorial", Function::Factorial, Arity::Exactly(1)),
    ("sin", Function::Sin, Arity::Exactly(1)),
    ("cos", Function::Cos, Arity::Exactly(1)),
    ("tan", Function::Tan, Arity::Exactly(1)),
    ("sec", Function::Sec, Arity::Exactly(1)),
    ("csc", Function::Csc, Arity::Exactly(1)),
    ("cot", Function::Cot, Arity::Exactly(1)),
    ("sinh", Function::Sinh, Arity::Exactly(1)),
    ("cosh", Function::Cosh, Arity::Exactly(1)),
    ("tanh", Function::Tanh, Arity::Exactly(1)),
    ("sech", Function::Sech, Arity::Exactly(1)),
    ("csch", Function::Csch, Arity::Exactly(1)),
    ("coth", Function::Coth, Arity::Exactly(1)),
    ("arcsin", Function::Arcsin, Arity::Exactly(1)),
    ("arccos", Function::Arccos, Arity::Exactly(1)),
    ("arctan", Function::Arctan, Arity::Exactly(1)),
    ("arcsec", Function::Arcsec, Arity::Exactly(1)),
    ("arccsc", Function::Arccsc, Arity::Exactly(1)),
    ("arccot", Function::Arccot, Arity::Exactly(1)),
    ("arcsinh", Function::Arcsinh, Arity::Exactly(1)),
    ("arccosh", Function::Arccosh, Arity::Exactly(1)),
    ("arctanh", Function::Arctanh, Arity::Exactly(1)),
    ("arcsech", Function::Arcsech, Arity::Exactly(1)),
    ("arccsch", Function::Arccsch, Arity::Exactly(1)),
    ("arccoth", Function::Arccoth, Arity::Exactly(1)),
    ("min", Function::Minimum, Arity::OneOrMore),
    ("max", Function::Maximum, Arity::OneOrMore),
    ("quotient", Function::Quotient, Arity::Exactly(2)),
    ("rem", Function::Remainder, Arity::Exactly(2)),
    ("lt", Function::Less, Arity::Relation),
    ("leq", Function::LessOrEqual, Arity::Relation),
    ("gt", Function::Greater, Arity::Relation),
    ("geq", Function::GreaterOrEqual, Arity::Relation),
    ("eq", Function::Equal, Arity::Relation),
    ("neq", Function::NotEqual, Arity::Exactly(2)),
    ("and", Function::And, Arity::Any { identity: 1.0 }),
    ("or", Function::Or, Arity::Any { identity: 0.0 }),
    ("xor", Function::ExclusiveOr, Arity::Any { identity: 0.0 }),
    ("not", Function::Not, Arity::Exactly(1)),
    ("implies", Function::Implies, Arity::Exactly(2)),
];

fn operator_of(name: &str) -> Option<(Function, Arity)> {
    OPERATORS.iter().find(|(known, ..)| *known == name).map(|&(_, function, arity)| (function, arity))
}

/// The element for a function.
pub(crate) fn element_of(function: Function) -> &'static str {
    match function {
        Function::Root => "root",
        Function::Log => "log",
        _ => OPERATORS.iter().find(|(_, known, _)| *known == function).map_or("", |(name, ..)| name),
    }
}

#[cfg(test)]
mod tests;
