//! The best one-to-one assignment of clusters to classes (the Hungarian method, by shortest augmenting paths).

/// For each cluster the class that is assigned to it, no class twice, so that as many members as can be are of their cluster's class;
/// `members` are counts, `[clusters, classes]`.
///
/// # Panics
///
/// More clusters than classes.
pub fn best_assignment(members: &[usize], classes: usize) -> Vec<usize> {
    let clusters = members.len() / classes;
    assert!(clusters <= classes, "{clusters} clusters for {classes} classes");
    // The cost of a class is the number of members outside it. Index 0 is the cluster that is being assigned.
    let cost = |cluster: usize, class: usize| -(members[(cluster - 1) * classes + class - 1] as i64);
    let (mut of_cluster, mut of_class) = (vec![0_i64; clusters + 1], vec![0_i64; classes + 1]);
    let mut owner = vec![0; classes + 1];
    for cluster in 1..=clusters {
        owner[0] = cluster;
        let mut class = 0;
        let (mut slack, mut before) = (vec![i64::MAX; classes + 1], vec![0; classes + 1]);
        let mut done = vec![false; classes + 1];
        while owner[class] != 0 {
            done[class] = true;
            let (mut least, mut next) = (i64::MAX, 0);
            for other in (1..=classes).filter(|&other| !done[other]) {
                let reduced = cost(owner[class], other) - of_cluster[owner[class]] - of_class[other];
                if reduced < slack[other] {
                    (slack[other], before[other]) = (reduced, class);
                }
                if slack[other] < least {
                    (least, next) = (slack[other], other);
                }
            }
            for other in 0..=classes {
                if done[other] {
                    of_cluster[owner[other]] += least;
                    of_class[other] -= least;
                } else if slack[other] != i64::MAX {
                    slack[other] -= least;
                }
            }
            class = next;
        }
        while class != 0 {
            owner[class] = owner[before[class]];
            class = before[class];
        }
    }
    let mut assigned = vec![0; clusters];
    (1..=classes).filter(|&class| owner[class] != 0).for_each(|class| assigned[owner[class] - 1] = class - 1);
    assigned
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::random::stream;

    /// The most that any assignment of the clusters from `cluster` on comes to, by trying all.
    fn most(members: &[usize], classes: usize, cluster: usize, taken: &mut [bool]) -> usize {
        if cluster == members.len() / classes {
            return 0;
        }
        let mut best = 0;
        for class in 0..classes {
            if !std::mem::replace(&mut taken[class], true) {
                best = best.max(members[cluster * classes + class] + most(members, classes, cluster + 1, taken));
                taken[class] = false;
            }
        }
        best
    }

    #[test]
    fn no_other_assignment_names_more_members() {
        let random = &mut stream(7, "test", &[]);
        for round in 0..300 {
            let classes = 2 + round % 5;
            let clusters = 1 + round % classes;
            let members: Vec<usize> =
                (0..clusters * classes).map(|_| random.random_range(0..20_u32) as usize).collect();
            let assigned = best_assignment(&members, classes);
            let mut once = assigned.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), clusters, "{assigned:?}");
            let found: usize =
                assigned.iter().enumerate().map(|(cluster, class)| members[cluster * classes + class]).sum();
            assert_eq!(found, most(&members, classes, 0, &mut vec![false; classes]), "{members:?}");
        }
    }

    #[test]
    fn two_clusters_of_one_majority_are_named_apart() {
        assert_eq!(best_assignment(&[30, 20, 20, 5], 2), [1, 0]);
    }
}
