//! Truth values and numbers kept apart, as Level 3 Version 1 wants it.
//!
//! To us, and to Version 2, a truth value is the number 1 or 0 and a number is true unless it is 0. Version 1 allows
//! neither, so `x > 1` where a number is wanted becomes `piecewise(1, x > 1, 0)`, and `x` where a condition is wanted
//! becomes `x != 0`.

use network::{Draft, Expression, Function, Id};
use std::collections::BTreeSet;

/// What kind of value each function of a model has.
pub(super) struct Truth<'d> {
    /// Functions of the model whose value is a truth value.
    functions: BTreeSet<&'d Id>,
}

impl<'d> Truth<'d> {
    pub(super) fn of(draft: &'d Draft) -> Self {
        let is_truth = |body: &Expression| matches!(body, Expression::Call(function, _) if function.is_boolean());
        Self { functions: draft.functions.iter().filter(|it| is_truth(&it.body)).map(|it| &it.id).collect() }
    }

    /// The expression as a number.
    pub(super) fn number(&self, expression: &Expression) -> Expression {
        match expression {
            Expression::Piecewise(pieces, otherwise) => self.piecewise(pieces, otherwise.as_deref(), &Self::number),
            _ if self.is_truth(expression) => {
                let pieces = vec![(Expression::number(1.0), self.plain(expression))];
                Expression::Piecewise(pieces, Some(Box::new(Expression::number(0.0))))
            }
            _ => self.plain(expression),
        }
    }

    /// The expression as a condition.
    pub(super) fn condition(&self, expression: &Expression) -> Expression {
        match expression {
            Expression::Piecewise(pieces, otherwise) => self.piecewise(pieces, otherwise.as_deref(), &Self::condition),
            // Written as the words `true` and `false`, see `constant`.
            Expression::Number(value, None) if *value == 1.0 => Expression::Call(Function::And, Vec::new()),
            Expression::Number(value, None) if *value == 0.0 => Expression::Call(Function::Or, Vec::new()),
            _ if self.is_truth(expression) => self.plain(expression),
            _ => Expression::Call(Function::NotEqual, vec![self.number(expression), Expression::number(0.0)]),
        }
    }

    /// The body of a function: of whatever kind it is.
    pub(super) fn body(&self, expression: &Expression) -> Expression {
        if self.is_truth(expression) { self.condition(expression) } else { self.number(expression) }
    }

    fn is_truth(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Call(function, _) => function.is_boolean(),
            Expression::Defined(id, _) => self.functions.contains(id),
            _ => false,
        }
    }

    /// What is below a call, each part as its place wants it.
    fn plain(&self, expression: &Expression) -> Expression {
        let all =
            |arguments: &[Expression], each: &dyn Fn(&Expression) -> Expression| arguments.iter().map(each).collect();
        match expression {
            Expression::Call(function @ (Function::Equal | Function::NotEqual), arguments)
                if arguments.iter().all(|it| self.is_truth(it)) =>
            {
                Expression::Call(*function, all(arguments, &|it| self.plain(it)))
            }
            Expression::Call(function, arguments) if function.is_boolean() && !function.is_relation() => {
                Expression::Call(*function, all(arguments, &|it| self.condition(it)))
            }
            Expression::Call(function, arguments) => Expression::Call(*function, all(arguments, &|it| self.number(it))),
            Expression::Defined(id, arguments) => {
                Expression::Defined(id.clone(), all(arguments, &|it| self.number(it)))
            }
            Expression::Draw(distribution, arguments, number) => {
                Expression::Draw(*distribution, all(arguments, &|it| self.number(it)), *number)
            }
            Expression::Delay(value, duration) => {
                Expression::Delay(Box::new(self.number(value)), Box::new(self.number(duration)))
            }
            Expression::Piecewise(..) => self.number(expression),
            Expression::Number(..)
            | Expression::Name(_)
            | Expression::Time
            | Expression::Avogadro
            | Expression::RateOf(_) => expression.clone(),
        }
    }

    fn piecewise(
        &self,
        pieces: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
        value: &dyn Fn(&Self, &Expression) -> Expression,
    ) -> Expression {
        let pieces = pieces.iter().map(|(it, condition)| (value(self, it), self.condition(condition))).collect();
        Expression::Piecewise(pieces, otherwise.map(|it| Box::new(value(self, it))))
    }
}

/// `and` and `or` of nothing are MathML's `true` and `false`.
pub(super) fn constant(expression: &Expression) -> Option<&'static str> {
    match expression {
        Expression::Call(Function::And, arguments) if arguments.is_empty() => Some("true"),
        Expression::Call(Function::Or, arguments) if arguments.is_empty() => Some("false"),
        _ => None,
    }
}
